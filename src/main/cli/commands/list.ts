/** `models`, `datasets`, `runs`: what the catalogue holds. */
import type { DatasetEntry, ModelEntry, RunEntry } from '../../../shared/contract'
import { defineCommand, type Session } from '../command'
import { exitStatus } from '../exit-status'
import { bytes, count, fixed, magnitude, moment, unknown } from '../figures'
import { type Column, table } from '../table'
import type { Terminal } from '../terminal'

export const models = defineCommand({
  name: 'models',
  summary: 'List the models of the catalogue.',
  options: {},
  async run(_given, session) {
    const entries = await (await client(session)).models.list({})
    list(session.terminal, entries, modelColumns, modelCells, 'No models yet. “camelot import FOLDER” adds one.')
    return exitStatus.done
  },
})

export const datasets = defineCommand({
  name: 'datasets',
  summary: 'List the data sets of the catalogue.',
  options: {},
  async run(_given, session) {
    const entries = await (await client(session)).datasets.list({})
    list(session.terminal, entries, datasetColumns, datasetCells, 'No data sets yet. “camelot import FILE” adds one.')
    return exitStatus.done
  },
})

export const runs = defineCommand({
  name: 'runs',
  summary: 'List the training runs.',
  options: {},
  async run(_given, session) {
    const entries = await (await client(session)).runs.list({})
    list(
      session.terminal,
      entries,
      runColumns,
      runCells,
      'No runs yet. “camelot train --model M --dataset D” starts one.',
    )
    return exitStatus.done
  },
})

const client = async (session: Session) => (await session.studio()).client

/** An object each with `--json`; else one table, or a sentence where there is nothing to list. */
function list<T>(
  terminal: Terminal,
  entries: readonly T[],
  columns: readonly Column[],
  cells: (entry: T) => string[],
  empty: string,
) {
  if (terminal.json) for (const entry of entries) terminal.result(entry, () => [])
  else terminal.lines((paint) => (entries.length > 0 ? table(columns, entries.map(cells), paint) : [empty]))
}

const modelColumns: Column[] = [
  { title: 'id' },
  { title: 'name' },
  { title: 'architecture' },
  { title: 'parameters', align: 'right' },
  { title: 'context', align: 'right' },
  { title: 'size', align: 'right' },
  { title: 'folder, or what is wrong there' },
]
const modelCells = (model: ModelEntry) => [
  model.id,
  model.name,
  model.architecture ?? unknown,
  magnitude(model.parameters),
  count(model.contextLength),
  bytes(model.sizeBytes),
  model.problem ?? model.folder,
]

const datasetColumns: Column[] = [
  { title: 'id' },
  { title: 'name' },
  { title: 'format' },
  { title: 'rows', align: 'right' },
  { title: 'size', align: 'right' },
  { title: 'columns' },
  { title: 'imported' },
]
const datasetCells = (dataset: DatasetEntry) => [
  dataset.id,
  dataset.name,
  dataset.format,
  count(dataset.rows),
  bytes(dataset.sizeBytes),
  dataset.columns.join(', '),
  moment(dataset.importedAt),
]

const runColumns: Column[] = [
  { title: 'id' },
  { title: 'name' },
  { title: 'status' },
  { title: 'step', align: 'right' },
  { title: 'loss', align: 'right' },
  { title: 'evaluation', align: 'right' },
  { title: 'model' },
  { title: 'data set' },
  { title: 'started' },
]
const runCells = (run: RunEntry) => [
  run.id,
  run.name,
  run.status,
  `${count(run.step)}/${count(run.steps)}`,
  fixed(run.loss),
  fixed(run.evalLoss),
  run.modelName,
  run.datasetName,
  moment(run.createdAt),
]
