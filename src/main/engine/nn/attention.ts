/**
 * Causal self-attention (Vaswani et al. 2017) with grouped queries (Ainslie et al. 2023). N tokens, B rows of T places,
 * H query heads and G key heads of width d, S = H / G queries for each key head, K keys (the cache's and the new ones).
 * Each row attends over itself alone, so the cost follows the rows' lengths and not their sum.
 */
import { times } from '../graph/shapes'
import { constant, type Value, within } from '../graph/value'
import {
  add,
  cast,
  concat,
  coordinate,
  div,
  dropoutAt,
  fromRows,
  matmul,
  mul,
  recomputed,
  reshape,
  softmax,
  tanh,
  toRows,
  transpose,
} from '../ops'
import { maskOf, type Tokens } from './tokens'

export type AttentionShape = {
  heads: number
  /** As many as `heads`, or a divisor of it. */
  keyValueHeads: number
  headSize: number
  /** Factor of the scores. */
  scale: number
  /** How many keys back a query sees, itself included; null for all. */
  window?: number | null
  /** Scores s become c · tanh(s / c) (Gemma 2). */
  softcap?: number | null
  /** Probability that a weight is dropped in training. */
  dropout?: number
  /** Number of the layer: its place in the cache, and what tells its random numbers from other layers'. */
  layer: number
}

/** q [N, H·d], k and v [N, G·d] → [N, H·d]. */
export function attention(q: Value, k: Value, v: Value, tokens: Tokens, shape: AttentionShape): Value {
  const core = (query: Value, key: Value, value: Value) =>
    within('attention', () => attended(query, key, value, tokens, shape))
  // Scores are the only arrays that grow with the square of a row's length, and cheap to make again.
  return tokens.recompute === 'none' ? core(q, k, v) : recomputed([q, k, v], core as (...inputs: Value[]) => Value)
}

function attended(q: Value, k: Value, v: Value, tokens: Tokens, shape: AttentionShape): Value {
  const query = toHeads(q, shape.heads, tokens, shape) // [B, G, S·T, d]
  const key = toHeads(k, shape.keyValueHeads, tokens, shape) // [B, G, T, d]
  const value = toHeads(v, shape.keyValueHeads, tokens, shape)
  const seen = remembered(key, value, tokens, shape.layer) // [B, G, K, d]
  const scores = capped(matmul(query, seen.key, { transposeW: true, scale: shape.scale }), shape) // [B, G, S·T, K]
  const mask = repeated(maskOf(tokens, shape.window ?? null), groupSize(shape))
  const weights = dropped(softmax(add(scores, mask)), tokens, shape)
  return fromHeads(matmul(weights, seen.value), tokens, shape)
}

const groupSize = ({ heads, keyValueHeads }: AttentionShape) => heads / keyValueHeads

/** x [N, heads·d] → [B, G, (heads / G)·T, d]: the queries of one key head lie one after the other. */
function toHeads(x: Value, heads: number, tokens: Tokens, { keyValueHeads: G, headSize }: AttentionShape): Value {
  const rows = toRows(x, tokens) // [B, T, heads·d]
  const S = heads / G
  if (S === 1) return transpose(reshape(rows, ['B', 'T', G, headSize]), [0, 2, 1, 3])
  const grouped = transpose(reshape(rows, ['B', 'T', G, S, headSize]), [0, 2, 3, 1, 4])
  return reshape(grouped, ['B', G, times([S, 'T']), headSize])
}

function fromHeads(x: Value, tokens: Tokens, shape: AttentionShape): Value {
  const { heads, keyValueHeads: G, headSize } = shape
  const S = groupSize(shape)
  const inRows =
    S === 1 ? transpose(x, [0, 2, 1, 3]) : transpose(reshape(x, ['B', G, S, 'T', headSize]), [0, 3, 1, 2, 4])
  return fromRows(reshape(inRows, ['B', 'T', heads * headSize]), tokens)
}

/** Rows [T, …] one after the other S times: [S·T, …]. */
const repeated = (rows: Value, S: number): Value =>
  S === 1
    ? rows
    : concat(
        Array.from({ length: S }, () => rows),
        0,
        times([S, rows.shape[0]!]),
      )

const capped = (scores: Value, { softcap }: AttentionShape): Value =>
  softcap ? mul(tanh(div(scores, softcap)), softcap) : scores

/** Puts the cached keys and values before the new ones, and leaves the whole for the next call. */
function remembered(key: Value, value: Value, { cache }: Tokens, layer: number) {
  if (!cache) return { key, value }
  const past = cache.past[layer]!
  const present = { key: concatenated(past.key, key), value: concatenated(past.value, value) }
  cache.present.push(present)
  return present
}

const concatenated = (past: Value, fresh: Value): Value => concat([past, fresh], 2, 'K')

const word = (value: number) => constant(value, [], 'uint32')

/** Model dropout's places are numbered apart from the adapters'. */
const firstSalt = 2_000_000

function dropped(weights: Value, tokens: Tokens, shape: AttentionShape): Value {
  const { randomness, modelDropout, slots, keyPlaces } = tokens
  if (!randomness || !modelDropout || !shape.dropout) return weights
  const S = groupSize(shape)
  const slot = cast(slots, 'uint32') // [B, T]
  const queries = concat(
    Array.from({ length: S }, (_, i) => add(mul(slot, word(S)), word(i))),
    1,
    times([S, 'T']),
  )
  const coordinates = [
    reshape(queries, ['B', 1, times([S, 'T']), 1]),
    coordinate(shape.keyValueHeads, 1, 4),
    reshape(cast(keyPlaces, 'uint32'), [1, 1, 1, keyPlaces.shape[0]!]),
  ]
  return dropoutAt(weights, shape.dropout, { salt: firstSalt + shape.layer, seed: randomness.seed, coordinates })
}
