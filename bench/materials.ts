/** What every contender is given: the same model, the same first adapter, the same rows. Made once, kept in the cache. */
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { shapes, writeAdapter, writeModel } from './gpt2-model'
import type { Options } from './options'
import { raggedRows, writeRows } from './ragged-rows'

export type Materials = {
  model: string
  adapter: string
  rows: string
  /** Lengths in tokens, row by row, in file order. */
  tokens: number[]
  cache: string
}

export function prepareMaterials(options: Options): Materials {
  const cache = resolve(options.cache)
  mkdirSync(cache, { recursive: true })
  const shape = shapes[options.shape]
  const model = join(cache, `model-${options.shape}-seed${options.seed}`)
  const adapter = join(cache, `adapter-${options.shape}-r${options.rank}-seed${options.seed}`)
  if (!existsSync(join(model, 'model.safetensors'))) writeModel(model, shape, options.seed)
  if (!existsSync(join(adapter, 'adapter_model.safetensors')))
    writeAdapter(adapter, shape, options.rank, 2 * options.rank, options.seed + 1)
  const rows = raggedRows(
    options.rows,
    options.steps * options.batchSize,
    options.shortest,
    options.longest,
    options.seed + 2,
  )
  const file = join(cache, `rows-${options.rows}.jsonl`)
  writeRows(file, rows)
  return { model, adapter, rows: file, tokens: rows.map(({ tokens }) => tokens), cache }
}
