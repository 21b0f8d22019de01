/**
 * Causal self-attention (Vaswani et al. 2017). N tokens, B rows of T places, H heads of width d, K keys (the cache's
 * and the new ones). Each row attends over itself alone, so the cost follows the rows' lengths and not their sum.
 */
import { type Value, within } from '../graph/value'
import { add, cast, concat, coordinate, dropoutAt, fromRows, matmul, reshape, softmax, toRows, transpose } from '../ops'
import type { Tokens } from './tokens'

export type AttentionShape = {
  heads: number
  headSize: number
  scale: number
  /** Probability that a weight is dropped in training. */
  dropout: number
  /** Tells this place from the model's others when numbers are drawn. */
  salt: number
  /** Number of the layer: its place in the cache. */
  layer: number
}

/** q, k, v [N, H·d] → [N, H·d]. */
export function attention(q: Value, k: Value, v: Value, tokens: Tokens, shape: AttentionShape): Value {
  return within('attention', () => {
    const [query, key, value] = [q, k, v].map((x) => toHeads(x, tokens, shape)) as [Value, Value, Value] // [B, H, T, d]
    const seen = remembered(key, value, tokens, shape.layer) // [B, H, K, d]
    const scores = add(matmul(query, seen.key, { transposeW: true, scale: shape.scale }), tokens.mask) // [B, H, T, K]
    const weights = dropped(softmax(scores), tokens, shape)
    return fromHeads(matmul(weights, seen.value), tokens, shape)
  })
}

function toHeads(x: Value, tokens: Tokens, { heads, headSize }: AttentionShape): Value {
  const rows = toRows(x, tokens) // [B, T, H·d]
  return transpose(reshape(rows, ['B', 'T', heads, headSize]), [0, 2, 1, 3])
}

function fromHeads(x: Value, tokens: Tokens, { heads, headSize }: AttentionShape): Value {
  const rows = reshape(transpose(x, [0, 2, 1, 3]), ['B', 'T', heads * headSize])
  return fromRows(rows, tokens)
}

/** Puts the cached keys and values before the new ones, and leaves the whole for the next call. */
function remembered(key: Value, value: Value, { cache }: Tokens, layer: number) {
  if (!cache) return { key, value }
  const past = cache.past[layer]!
  const present = { key: concatenated(past.key, key), value: concatenated(past.value, value) }
  cache.present.push(present)
  return present
}

const concatenated = (past: Value, fresh: Value): Value => concat([past, fresh], 2, 'K')

function dropped(weights: Value, { randomness, slots, keyPlaces }: Tokens, shape: AttentionShape): Value {
  if (!randomness || shape.dropout === 0) return weights
  const queries = reshape(cast(slots, 'uint32'), ['B', 1, 'T', 1])
  const keys = reshape(cast(keyPlaces, 'uint32'), [1, 1, 1, keyPlaces.shape[0]!])
  const coordinates = [queries, coordinate(shape.heads, 1, 4), keys]
  return dropoutAt(weights, shape.dropout, shape.salt, randomness.seed, coordinates)
}
