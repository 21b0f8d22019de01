/**
 * Causal self-attention (Vaswani et al. 2017) with grouped queries (Ainslie et al. 2023). N tokens, B lanes of T places,
 * H query heads and G key heads of width d, S = H / G queries for each key head, K keys (the cache's and the new ones).
 * Each row attends over itself alone: a lane is one row, or several short ones that the mask keeps apart.
 */
import { times } from '../graph/shapes'
import { constant, type Value, within } from '../graph/value'
import {
  add,
  cast,
  concat,
  coordinate,
  dropoutAt,
  fromRows,
  matmul,
  mul,
  recomputed,
  reshape,
  softmax,
  splitEvenly,
  tanh,
  toRows,
  transpose,
} from '../ops'
import { blockSize, maskOf, placesOf, type Tokens, upTo } from './tokens'

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
  return within('attention', () => again(tokens, [q, k, v], (...inputs) => inBlocks(inputs, tokens, shape)))
}

/** Scores are the only arrays that grow with the square of a row's length, and cheap to make again. */
const again = ({ recompute }: Tokens, inputs: readonly Value[], build: (...inputs: Value[]) => Value): Value =>
  recompute === 'none' ? build(...inputs) : recomputed(inputs, build)

/**
 * Block after block of queries, each over the keys up to its own end: half of all scores lie in the future, and most of
 * those are never computed. Only one block's scores are there at a time.
 */
function inBlocks([q, k, v]: readonly Value[], tokens: Tokens, shape: AttentionShape): Value {
  const { keyValueHeads: G, headSize, layer } = shape
  const inRows = (x: Value, heads: number) => reshape(toRows(x, tokens), ['B', 'T', G, heads / G, headSize])
  const toKeys = (x: Value) => transpose(reshape(toRows(x, tokens), ['B', 'T', G, headSize]), [0, 2, 1, 3])
  const seen = remembered(toKeys(k!), toKeys(v!), tokens, layer) // [B, G, K, d]
  const size = tokens.blocks === 1 ? 'T' : blockSize
  const keys = splitEvenly(seen.key, 2, tokens.blocks, size)
  const values = splitEvenly(seen.value, 2, tokens.blocks, size)
  const queries = splitEvenly(inRows(q!, shape.heads), 1, tokens.blocks, size) // [B, Tb, G, S, d] each
  const mixed = queries.map((query, block) => {
    const visible = [query, ...keys.slice(0, block + 1), ...values.slice(0, block + 1)]
    return again(tokens, visible, (...inputs) => attended(inputs, block, tokens, shape))
  })
  return fromRows(mixed.length === 1 ? mixed[0]! : concat(mixed, 1, 'T'), tokens)
}

/** One block: its queries [B, Tb, G, S, d], then the keys, then the values of the blocks it sees → [B, Tb, H·d]. */
function attended([query, ...seen]: readonly Value[], block: number, tokens: Tokens, shape: AttentionShape): Value {
  const key = upTo(seen.slice(0, seen.length / 2), 2) // [B, G, K, d]
  const value = upTo(seen.slice(seen.length / 2), 2)
  const grouped = byKeyHead(query!, shape) // [B, G, S·Tb, d]
  const scale = shape.scale / (shape.softcap ?? 1)
  const scores = capped(matmul(grouped, key, { transposeW: true, scale }), shape) // [B, G, S·Tb, K]
  const mask = repeated(maskOf(tokens, shape.window ?? null, block), groupSize(shape))
  const weights = dropped(softmax(add(scores, mask)), block, tokens, shape)
  return byToken(matmul(weights, value), query!, shape)
}

const groupSize = ({ heads, keyValueHeads }: AttentionShape) => heads / keyValueHeads

/** [B, Tb, G, S, d] → [B, G, S·Tb, d]: the queries of one key head lie one after the other. */
function byKeyHead(query: Value, { keyValueHeads: G, headSize }: AttentionShape): Value {
  const [B, T, , S] = query.shape
  if (S === 1) return transpose(reshape(query, [B!, T!, G, headSize]), [0, 2, 1, 3])
  return reshape(transpose(query, [0, 2, 3, 1, 4]), [B!, G, times([S!, T!]), headSize])
}

/** [B, G, S·Tb, d] → [B, Tb, H·d]: the heads of a token lie one after the other again. */
function byToken(x: Value, query: Value, { heads, keyValueHeads: G, headSize }: AttentionShape): Value {
  const [B, T, , S] = query.shape
  const tokensFirst =
    S === 1 ? transpose(x, [0, 2, 1, 3]) : transpose(reshape(x, [B!, G, S!, T!, headSize]), [0, 3, 1, 2, 4])
  return reshape(tokensFirst, [B!, T!, heads * headSize])
}

/** A mask [.., T, K], S times one below the other: [.., S·T, K]. */
const repeated = (mask: Value, S: number): Value =>
  S === 1
    ? mask
    : concat(
        Array.from({ length: S }, () => mask),
        -2,
        times([S, mask.shape.at(-2)!]),
      )

/** c · tanh(s / c) of scores that come divided by c. */
const capped = (scores: Value, { softcap }: AttentionShape): Value => (softcap ? mul(tanh(scores), softcap) : scores)

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

function dropped(weights: Value, block: number, tokens: Tokens, shape: AttentionShape): Value {
  const { randomness, modelDropout, slots, blocks } = tokens
  if (!randomness || !modelDropout || !shape.dropout) return weights
  const S = groupSize(shape)
  const { keys } = placesOf(tokens, block)
  const slot = cast(splitEvenly(slots, 1, blocks, blockSize)[block]!, 'uint32') // [B, Tb]
  const length = times([S, slot.shape[1]!])
  const queries = concat(
    Array.from({ length: S }, (_, i) => add(mul(slot, word(S)), word(i))),
    1,
    length,
  )
  const coordinates = [
    reshape(queries, ['B', 1, length, 1]),
    coordinate(shape.keyValueHeads, 1, 4),
    reshape(cast(keys, 'uint32'), [1, 1, 1, keys.shape[0]!]),
  ]
  return dropoutAt(weights, shape.dropout, { salt: firstSalt + shape.layer, seed: randomness.seed, coordinates })
}
