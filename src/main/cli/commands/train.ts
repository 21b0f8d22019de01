/** `train` and `resume`: a run from the command line, shown in the window like any other. */
import { z } from 'zod'
import type { GivenArguments, ModelReference } from '../../../shared/contract'
import { addModel } from '../added-models'
import { defineCommand, type Session } from '../command'
import { UsageError } from '../exit-status'
import { findDataset } from '../find-dataset'
import { findModel } from '../find-model'
import { findRun } from '../find-run'
import { followRun } from '../follow-run'
import { aliasOptions, givenArguments, trainingOptions } from '../training-options'

export const train = defineCommand({
  name: 'train',
  summary: 'Fine-tune a model on a data set.',
  details: [
    'Names, defaults and meaning are those of the Hugging Face Trainer and of peft, in --snake_case too.',
    'What is not given follows the model’s own camelot.json, then the defaults shown here.',
  ],
  options: {
    model: { schema: z.string().min(1), placeholder: 'M', help: 'The model to start from.' },
    dataset: { schema: z.string().min(1), placeholder: 'D', help: 'What to learn.' },
    validation: {
      schema: z.string().min(1).optional(),
      placeholder: 'FILE',
      help: 'Rows to measure the evaluation loss on, instead of a share of the data set.',
    },
    name: { schema: z.string().min(1).max(120).optional(), help: 'The run’s name in the catalogue.' },
    ...trainingOptions,
    ...aliasOptions,
  },
  async run(given, session) {
    const asked = givenArguments(given, session.workingFolder)
    if (given.validation !== undefined && (asked.validation_split ?? 0) > 0)
      throw new UsageError('--validation and --validation-split exclude each other; give one of them.')
    const start = await startingPoint(await findModel(given.model, session), asked, session)
    const dataset = await findDataset(given.dataset, session)
    const validation = given.validation === undefined ? null : await findDataset(given.validation, session)
    const { client } = await session.studio()
    const run = await client.training.start({
      modelId: start.modelId,
      datasetId: dataset.id,
      validationDatasetId: validation?.id ?? null,
      name: given.name ?? null,
      arguments: start.arguments,
    })
    return followRun(run, 0, session)
  },
})

export const resume = defineCommand({
  name: 'resume',
  summary: 'Go on with a run from its last checkpoint.',
  options: {
    run: {
      schema: z.string().min(1),
      positional: true,
      help: 'A name or id from “camelot runs”, or a run’s output folder.',
    },
  },
  async run({ run: text }, session) {
    const run = await findRun(text, session)
    const { client } = await session.studio()
    const after = await lastEvent(run.id, session)
    return followRun(await client.runs.resume({ id: run.id }), after, session)
  },
})

/** To start from a tuned model means: from its weights, or from its adapter over the same base. */
async function startingPoint(reference: ModelReference, asked: GivenArguments, session: Session) {
  if (reference.kind === 'model') return { modelId: reference.id, arguments: asked }
  const { client } = await session.studio()
  const run = await client.runs.get({ id: reference.id })
  const step = reference.step ?? run.bestStep
  const path = (run.checkpoints.find((checkpoint) => checkpoint.step === step) ?? run.checkpoints.at(-1)!).path
  if (run.arguments.method === 'full') {
    const model = await addModel(path, undefined, session)
    return { modelId: model.id, arguments: asked }
  }
  if (asked.init_adapter)
    throw new UsageError('--init-adapter and a LoRA run as --model exclude each other; give one of them.')
  return { modelId: run.modelId, arguments: { ...asked, init_adapter: path } }
}

/** The place in the run's log where its news begin; 0 for a run that goes on in another process, whose log is followed. */
async function lastEvent(id: string, session: Session): Promise<number> {
  const { client } = await session.studio()
  let last = 0
  for await (const { seq } of await client.runs.watch({ id, after: 0 })) last = seq
  return last
}
