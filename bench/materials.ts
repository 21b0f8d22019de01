/** What every contender is given: the same model, the same first adapter, the same rows. Made once, kept in the cache. */
import { createHash } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type RaggedRow, type RowKind, raggedRows } from './ragged-rows'
import { type ShapeName, shapes } from './shapes'
import { isWholeModel, type SyntheticModel, writeAdapter, writeModel } from './synthetic-model'

export type Materials = {
  model: string
  adapter: string
  rows: string
  /** Lengths in tokens, row by row, in file order. */
  tokens: number[]
  cache: string
}
type Wanted = {
  shape: ShapeName
  rows: RowKind
  steps: number
  batchSize: number
  shortest: number
  longest: number
  rank: number
  seed: number
  cache: string
}

export function prepareMaterials(wanted: Wanted): Materials {
  const cache = resolve(wanted.cache)
  const { shape, rank, seed, shortest, longest } = wanted
  const model = modelFolder(cache, shape, shapes[shape], seed)
  const adapter = adapterFolder(cache, shape, shapes[shape], rank, seed)
  const rows = raggedRows(wanted.rows, wanted.steps * wanted.batchSize, shortest, longest, seed + 2)
  return { model, adapter, rows: rowsFile(cache, rows), tokens: rows.map(({ tokens }) => tokens), cache }
}

/** The folder of a model, written if it is not there. */
export function modelFolder(cache: string, name: string, model: SyntheticModel, seed: number): string {
  const folder = join(cache, `model-${name}-seed${seed}`)
  if (isWholeModel(folder)) return folder
  console.error(`Making a random ${model.title} in ${folder}.`)
  writeModel(folder, model, seed)
  return folder
}

/** The folder of a first adapter, written if it is not there; its alpha is twice its rank. */
export function adapterFolder(cache: string, name: string, model: SyntheticModel, rank: number, seed: number): string {
  const folder = join(cache, `adapter-${name}-r${rank}-seed${seed}`)
  if (!existsSync(join(folder, 'adapter_model.safetensors'))) writeAdapter(folder, model, rank, 2 * rank, seed + 1)
  return folder
}

/** Writes rows to a file that is named after what is in it. */
export function rowsFile(cache: string, rows: readonly RaggedRow[]): string {
  const content = rows.map(({ row }) => `${JSON.stringify(row)}\n`).join('')
  const file = join(cache, `rows-${createHash('sha256').update(content).digest('hex').slice(0, 16)}.jsonl`)
  writeFileSync(`${file}.unfinished`, content)
  renameSync(`${file}.unfinished`, file)
  return file
}
