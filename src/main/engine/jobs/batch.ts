/**
 * A batch of rows as the graph's inputs: packed without padding. What cannot influence the loss is left out: the part
 * of a row behind its last supervised token, and rows without one.
 */
import { type Example, ignored } from '../data/examples'
import { noLabel } from '../ops'
import type { Tensors } from '../runtime/session'
import { layoutOf } from './token-layout'

export type Batch = {
  feeds: Tensors
  /** Tokens whose prediction counts. */
  supervised: number
  /** Tokens of the rows as they are, the measure of speed. */
  realTokens: number
}

/** null where no row of the batch has a supervised token. `vocabulary`: entries of the model's head. */
export function batchOf(examples: readonly Example[], vocabulary: number): Batch | null {
  const rows = examples.map(readable).filter(({ length }) => length > 0)
  const realTokens = examples.reduce((sum, { ids }) => sum + ids.length, 0)
  if (rows.length === 0) return null
  const layout = layoutOf(rows.map(({ length }) => length))
  const ids = new BigInt64Array(layout.count)
  const rowLengths = new Float32Array(layout.count)
  const targets: bigint[] = []
  const labels: bigint[] = []
  rows.forEach(({ example, length }, row) => {
    const start = layout.starts[row]!
    rowLengths.fill(example.ids.length, start, start + length)
    for (let i = 0; i < length; i++) {
      ids[start + i] = BigInt(example.ids[i]!)
      const label = example.labels[i + 1]!
      if (label === ignored) continue
      targets.push(BigInt(start + i))
      labels.push(BigInt(label))
    }
  })
  return {
    feeds: {
      ...layout.feeds,
      ids: { data: ids, shape: [layout.count] },
      rowLengths: { data: rowLengths, shape: [layout.count] },
      ...inChunks(targets, labels, chunkSize(vocabulary)),
    },
    supervised: labels.length,
    realTokens,
  }
}

/** Supervised tokens whose logits are there at the same time: 32 MiB of them, unless the products became too narrow. */
const chunkSize = (vocabulary: number) => Math.min(512, Math.max(64, Math.floor(2 ** 23 / vocabulary)))

/** Supervised tokens and their labels in chunks [L, C] of equal size; the last one is filled up with `noLabel`. */
function inChunks(targets: bigint[], labels: bigint[], most: number): Tensors {
  const L = Math.ceil(targets.length / most)
  const C = Math.ceil(targets.length / L)
  const filled = (values: bigint[], filler: bigint) => {
    const data = new BigInt64Array(L * C).fill(filler)
    data.set(values)
    return { data, shape: [L, C] }
  }
  return { targets: filled(targets, 0n), labels: filled(labels, BigInt(noLabel)) }
}

/** Tokens of a row that some supervised token is predicted from. */
function readable(example: Example) {
  let last = example.ids.length - 1
  while (last > 0 && example.labels[last] === ignored) last--
  return { example, length: last }
}

/** The further inputs of a graph that draws random numbers. */
export const randomFeeds = (seed: number, tokens: number): Tensors => ({
  seed: { data: Uint32Array.of(seed), shape: [1] },
  tokenNumbers: { data: Uint32Array.from({ length: tokens }, (_, i) => i), shape: [tokens] },
})
