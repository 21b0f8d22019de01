/**
 * A batch of tokens as the layers see it. N tokens of all rows, packed without padding; B lanes of T places, the
 * longest row's length, which hold one row or several short ones; P places in the key/value cache. Linear layers work on
 * [N, …], so padding costs nothing and cannot change a loss; only attention lays the tokens out in lanes.
 */
import { times } from '../graph/shapes'
import { constant, input, type Value } from '../graph/value'
import { add, concat, lessOrEqual, type Randomness, type RowLayout, reshape, splitEvenly, where } from '../ops'

export type KeyValue = { key: Value; value: Value }
/** The keys and values of earlier tokens, layer by layer, and where the longer ones are put. */
export type Cache = { past: readonly KeyValue[]; present: KeyValue[] }

export type Tokens = RowLayout & {
  /** Token ids [N], int64. */
  ids: Value
  /** Place of each token in its row [N], int64, and the length of that row [N], float32. */
  positions: Value
  rowLengths: Value
  /** Where the row of each place of a lane begins [B, T], int32; null with a cache, where a lane is one row. */
  rowStarts: Value | null
  /** Places of the queries, int32 [T], and of the keys, int32 [K]. */
  queryPlaces: Value
  keyPlaces: Value
  /** Blocks of queries that attention works through one after the other. */
  blocks: number
  /** Masks made so far, by their block and the width of their window. */
  masks: Map<string, Value>
  cache: Cache | null
  /** Whether the dropout that the model's own configuration names is applied. */
  modelDropout: boolean
  /** What dropout draws from; null outside of training. */
  randomness: Randomness | null
  /** NEFTune's α, by which embeddings get noise; null for none. */
  noiseAlpha: number | null
  /** What the backward pass builds again instead of keeping: nothing, attention's scores, or whole layers. */
  recompute: Recompute
}
export type Recompute = 'none' | 'attention' | 'layers'

/** Without a cache, T is a multiple of this. */
export const queryBlocks = 4

export const lowestFloat = -3.4028234663852886e38

export type TokenOptions = {
  cache?: readonly KeyValue[]
  random?: boolean
  modelDropout?: boolean
  /** NEFTune's α; needs `random`. */
  noiseAlpha?: number | null
  recompute?: Recompute
}

/** The graph's inputs for a batch. */
export function tokenInputs(options: TokenOptions = {}): Tokens {
  const keys = options.cache ? 'K' : 'T'
  const queryPlaces = input('queryPlaces', 'int32', ['T'])
  const keyPlaces = options.cache ? input('keyPlaces', 'int32', [keys]) : queryPlaces
  return {
    ids: input('ids', 'int64', ['N']),
    positions: input('positions', 'int64', ['N']),
    rowLengths: input('rowLengths', 'float32', ['N']),
    rowStarts: options.cache ? null : input('rowStarts', 'int32', ['B', 'T']),
    slots: input('slots', 'int64', ['B', 'T']),
    places: input('places', 'int64', ['N']),
    queryPlaces,
    keyPlaces,
    blocks: options.cache ? 1 : queryBlocks,
    masks: new Map(),
    cache: options.cache ? { past: options.cache, present: [] } : null,
    modelDropout: options.modelDropout ?? false,
    randomness: options.random
      ? { seed: input('seed', 'uint32', [1]), rows: input('tokenNumbers', 'uint32', ['N']) }
      : null,
    noiseAlpha: options.noiseAlpha ?? null,
    recompute: options.recompute ?? 'none',
  }
}

/** Places of the queries of one block, and of the keys that come before its end. */
export function placesOf({ queryPlaces, keyPlaces, blocks }: Tokens, block: number): { queries: Value; keys: Value } {
  if (blocks === 1) return { queries: queryPlaces, keys: keyPlaces }
  return {
    queries: splitEvenly(queryPlaces, 0, blocks, blockSize)[block]!,
    keys: upTo(splitEvenly(keyPlaces, 0, blocks, blockSize).slice(0, block + 1), 0),
  }
}

/** The length of a block. */
export const blockSize = 'Tb'

/** Blocks end to end along an axis. */
export const upTo = (parts: readonly Value[], axis: number): Value =>
  parts.length === 1 ? parts[0]! : concat(parts, axis, times([parts.length, blockSize]))

/**
 * 0 where a query of a block may look at a key, the lowest float elsewhere: [queries, keys], or where lanes hold several
 * rows [B, 1, queries, keys]. A query sees itself and what comes before it in its row, `window` places at most. Padding
 * lies to the right of every row, so it is never seen.
 */
export function maskOf(tokens: Tokens, window: number | null, block: number): Value {
  const name = `${block} ${window}`
  const known = tokens.masks.get(name)
  if (known) return known
  const { queries, keys } = placesOf(tokens, block)
  const column = reshape(queries, [queries.shape[0]!, 1])
  const hidden = constant(lowestFloat)
  const causal = where(lessOrEqual(keys, column), constant(0), hidden)
  const oldest = window === null ? null : add(keys, constant(window - 1, [], 'int32'))
  const near = oldest ? where(lessOrEqual(column, oldest), causal, hidden) : causal
  const mask = tokens.rowStarts ? where(lessOrEqual(startsOf(tokens, block), keys), near, hidden) : near
  tokens.masks.set(name, mask)
  return mask
}

/** Where the rows of a block's queries begin: [B, 1, queries, 1]. */
function startsOf({ rowStarts, blocks }: Tokens, block: number): Value {
  const starts = splitEvenly(rowStarts!, 1, blocks, blockSize)[block]!
  return reshape(starts, ['B', 1, starts.shape[1]!, 1])
}
