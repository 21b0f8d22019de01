/**
 * Finds what a person names on the command line: a model by catalogue name, id, folder or run; a data set by name,
 * id or file. What is given by path enters the catalogue, so that runs on it show in the window too.
 */
import { stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, resolve, sep } from 'node:path'
import type { DatasetEntry, ModelEntry, ModelReference, RunEntry } from '../../shared/contract'
import { addModel } from './added-models'
import type { Session } from './command'
import { Failure, Interrupted } from './exit-status'
import { bytes, count } from './figures'
import { importedFrom, rememberImport } from './imported-files'

const dataExtensions = ['.jsonl', '.ndjson', '.json', '.csv', '.tsv', '.txt']

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

/** @throws Failure where nothing has that name or the file cannot be read as rows */
export async function findDataset(text: string, session: Session): Promise<DatasetEntry> {
  const { client } = await session.studio()
  const path = resolve(session.workingFolder, text)
  const here = await stat(path).catch(() => null)
  if (!(here && looksLikePath(text))) {
    const dataset = named(await client.datasets.list({}), text, 'data set')
    if (dataset) return dataset
  }
  if (here) return (await alreadyImported(path, session)) ?? importFile(path, undefined, session)
  if (looksLikePath(text))
    throw new Failure(`There is no file ${path}; give a data file, or a name from “camelot datasets”.`)
  throw new Failure(`There is no data set “${text}”; give a file, or a name from “camelot datasets”.`)
}

/** @throws Failure where no run, or more than one, has that name */
export async function findRun(text: string, session: Session): Promise<RunEntry> {
  const { client } = await session.studio()
  const runs = await client.runs.list({})
  const path = resolve(session.workingFolder, text)
  const run = named(runs, text, 'run') ?? runs.find(({ outputDir }) => outputDir === path)
  if (run) return run
  throw new Failure(`There is no run “${text}”; “camelot runs” lists them.`)
}

/** Imports a file, with a progress bar. @throws Failure where it cannot be read as rows */
export async function importFile(path: string, name: string | undefined, session: Session): Promise<DatasetEntry> {
  const { client } = await session.studio()
  const looked = await stat(path)
  const events = await client.datasets.import(
    { source: { kind: 'path', path }, name },
    { signal: session.interruption.signal },
  )
  for await (const event of events) {
    if (session.interruption.asked) break
    if (event.type === 'done') {
      await rememberImport(session.places.home, path, looked, event.dataset.id)
      return event.dataset
    }
    const figures = [`${bytes(event.bytesRead)} of ${bytes(event.bytesTotal)}`, `${count(event.rows)} rows`]
    session.terminal.progress({
      done: event.bytesRead,
      total: event.bytesTotal,
      label: `reading ${basename(path)}`,
      figures,
    })
  }
  throw new Interrupted('')
}

/** The data set that this very file became, if it is still in the catalogue. */
async function alreadyImported(path: string, session: Session): Promise<DatasetEntry | undefined> {
  const { client } = await session.studio()
  const id = await importedFrom(session.places.home, path)
  return (await client.datasets.list({})).find((dataset) => dataset.id === id)
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

/** By id, else by name, ignoring case where that leaves no doubt. */
function named<T extends { id: string; name: string }>(
  entries: readonly T[],
  text: string,
  kind: string,
): T | undefined {
  const sameId = entries.find(({ id }) => id === text)
  if (sameId) return sameId
  const exact = entries.filter(({ name }) => name === text)
  const found = exact.length > 0 ? exact : entries.filter(({ name }) => name.toLowerCase() === text.toLowerCase())
  if (found.length < 2) return found[0]
  throw new Failure(
    `${found.length} ${kind}s are named “${text}”; give an id: ${found.map(({ id }) => id).join(', ')}.`,
  )
}

const looksLikePath = (text: string) =>
  isAbsolute(text) ||
  text.includes(sep) ||
  text.includes('/') ||
  text.startsWith('.') ||
  dataExtensions.includes(extname(text).toLowerCase())
