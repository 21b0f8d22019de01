/**
 * Finds the model that a person names: by name or id, a folder, or a run with or without a step. A folder enters the
 * catalogue, so that runs on it show in the window too.
 */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ModelEntry, ModelReference, RunEntry } from '../../shared/contract'
import { addModel } from './added-models'
import type { Session } from './command'
import { Failure } from './exit-status'
import { looksLikePath, named } from './names'

/** @throws Failure where nothing has that name, several have it, or it cannot be used */
export async function findModel(text: string, session: Session): Promise<ModelReference> {
  const { client } = await session.studio()
  const models = await client.models.list({})
  const runs = await client.runs.list({})
  const path = resolve(session.workingFolder, text)
  const model = looksLikePath(text) ? undefined : named(models, text, 'model')
  if (model) return referenceTo(model)
  const here = await stat(path).catch(() => null)
  if (here?.isFile())
    throw new Failure(`${path} is a file; a model is a folder with config.json, tokenizer.json and *.safetensors.`)
  if (here?.isDirectory()) return modelInFolder(path, models, runs, session)
  const run = looksLikePath(text) ? undefined : runCheckpoint(text, runs)
  if (run) return run
  if (looksLikePath(text))
    throw new Failure(`There is no folder ${path}; give a model folder, or a name from “camelot models”.`)
  throw new Failure(
    `There is no model “${text}”; give a name from “camelot models”, a folder, or a run from “camelot runs”.`,
  )
}

/** The catalogue's model that a reference is, or that its run started from. */
export async function modelIdOf(reference: ModelReference, session: Session): Promise<string> {
  if (reference.kind === 'model') return reference.id
  const { client } = await session.studio()
  return (await client.runs.get({ id: reference.id })).modelId
}

/** A folder may be a run's output or one of its checkpoints, which the catalogue knows best how to open. */
async function modelInFolder(
  path: string,
  models: ModelEntry[],
  runs: RunEntry[],
  session: Session,
): Promise<ModelReference> {
  for (const run of runs) {
    if (run.outputDir === path) return { kind: 'run', id: run.id, step: null }
    const checkpoint = run.checkpoints.find((candidate) => candidate.path === path)
    if (checkpoint) return { kind: 'run', id: run.id, step: checkpoint.step }
  }
  const known = models.find(({ folder, problem }) => folder === path && problem === null)
  if (known) return referenceTo(known)
  return referenceTo(await addModel(path, undefined, session))
}

function referenceTo({ id, problem }: ModelEntry): ModelReference {
  if (problem !== null) throw new Failure(problem)
  return { kind: 'model', id }
}

/** `run` or `run@step`. */
function runCheckpoint(text: string, runs: RunEntry[]): ModelReference | undefined {
  const whole = named(runs, text, 'run')
  if (whole) return withCheckpoint(whole, null)
  const [, name, step] = /^(.+)@(\d+)$/.exec(text) ?? []
  const run = name === undefined ? undefined : named(runs, name, 'run')
  return run && withCheckpoint(run, Number(step))
}

function withCheckpoint(run: RunEntry, step: number | null): ModelReference {
  const steps = run.checkpoints.map((checkpoint) => checkpoint.step)
  if (steps.length === 0)
    throw new Failure(`Run “${run.name}” has no checkpoint yet; “camelot resume ${run.id}” goes on with it.`)
  if (step !== null && !steps.includes(step))
    throw new Failure(`Run “${run.name}” has no checkpoint at step ${step}; it has ${steps.join(', ')}.`)
  return { kind: 'run', id: run.id, step }
}
