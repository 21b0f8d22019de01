/** Training: what a run would come to, and its start. */
import { resolve } from 'node:path'
import { TrainSpec } from '../engine/protocol'
import type { Library } from '../library'
import { conflict } from '../library/failure'
import { newId } from '../library/home'
import { endOf, type StudioContext } from './context'
import { measureMethods } from './measure-methods'
import { argumentsOn, filesOf } from './model-files'
import { procedures } from './procedures'
import { planTraining, type TrainRequest } from './training-plan'

export function trainingProcedures(context: StudioContext) {
  const { library, trainer } = context
  const os = procedures.training
  return {
    estimate: os.estimate.handler(({ input }) => planTraining(library, input)),

    start: os.start.handler(async ({ input }) => {
      const plan = await planTraining(library, input)
      const spec = await specOf(library, input, plan.arguments.output_dir)
      const lock = library.runs.claim(spec.run)
      const model = await library.models.get(input.modelId)
      const dataset = library.datasets.get(input.datasetId)
      library.runs.add({
        id: spec.run,
        name: input.name ?? freeName(library, `${dataset.name} on ${model.name}`),
        modelId: model.id,
        modelName: model.name,
        modelFolder: filesOf(model).folder,
        datasetId: dataset.id,
        datasetName: dataset.name,
        spec,
        arguments: plan.arguments,
        outputDir: spec.outputDir,
      })
      trainer.enqueue(spec, lock)
      return trainer.entry(spec.run)
    }),

    measure: os.measure.handler(({ input, signal }) => measureMethods(context, input, endOf(context, signal))),
  }
}

async function specOf(library: Library, request: TrainRequest, outputDir: string | null): Promise<TrainSpec> {
  const { home, models, datasets } = library
  const run = newId('run')
  const model = await models.get(request.modelId)
  return TrainSpec.parse({
    run,
    model: { folder: filesOf(model).folder, adapter: null },
    train: datasets.rowsFile(request.datasetId),
    validation: request.validationDatasetId === null ? null : datasets.rowsFile(request.validationDatasetId),
    outputDir: outputDir === null ? home.run(run) : unshared(library, resolve(outputDir)),
    cacheDir: home.cache,
    arguments: argumentsOn(model, request.arguments),
    resumeFrom: null,
    samplePrompts: await samplePrompts(library, request),
  })
}

/** Two runs at work must not write the same checkpoints. */
function unshared({ runs }: Library, outputDir: string): string {
  const other = runs.unfinished().find((run) => run.outputDir === outputDir)
  if (other)
    throw conflict('run', other.id, `The run "${other.name}" is writing to ${outputDir}: choose another folder.`)
  return outputDir
}

/** Three prompts of the data set's own, spread over it; for plain texts those that the model's maker suggests. */
async function samplePrompts({ datasets, models }: Library, request: TrainRequest): Promise<string[]> {
  const { rows: total } = datasets.get(request.datasetId)
  const places = [...new Set([0, Math.floor(total / 2), total - 1])]
  const pages = await Promise.all(places.map((place) => datasets.rows(request.datasetId, place, 1)))
  const prompts = pages.flatMap(({ rows }) => rows[0]?.prompt ?? [])
  if (prompts.length > 0) return prompts
  return (await models.recommendations(request.modelId)).sample_prompts.slice(0, 3)
}

function freeName({ runs }: Library, name: string): string {
  const taken = new Set(runs.list().map((run) => run.name))
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name} ${number}`
    if (!taken.has(candidate)) return candidate
  }
}
