/**
 * A batch of tokens as the layers see it. N tokens of all rows, packed without padding; B rows of T places, the
 * longest row's length; P places in the key/value cache. Linear layers work on [N, …], so padding costs nothing and
 * cannot change a loss; only attention lays the tokens out in rows.
 */
import { constant, input, type Value } from '../graph/value'
import { add, lessOrEqual, type Randomness, type RowLayout, reshape, where } from '../ops'

export type KeyValue = { key: Value; value: Value }
/** The keys and values of earlier tokens, layer by layer, and where the longer ones are put. */
export type Cache = { past: readonly KeyValue[]; present: KeyValue[] }

export type Tokens = RowLayout & {
  /** Token ids [N], int64. */
  ids: Value
  /** Place of each token in its row [N], int64. */
  positions: Value
  /** Places of the queries, int32 [T], and of the keys, int32 [K]. */
  queryPlaces: Value
  keyPlaces: Value
  /** Masks made so far, by the width of their window. */
  masks: Map<number | null, Value>
  cache: Cache | null
  /** Whether the dropout that the model's own configuration names is applied. */
  modelDropout: boolean
  /** What dropout draws from; null outside of training. */
  randomness: Randomness | null
  /** NEFTune's noise on the embeddings; null for none. */
  noise: EmbeddingNoise | null
  /** What the backward pass builds again instead of keeping: nothing, attention's scores, or whole layers. */
  recompute: Recompute
}
/** α, and the length of each token's row [N]. */
export type EmbeddingNoise = { alpha: number; rowLengths: Value }
export type Recompute = 'none' | 'attention' | 'layers'

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
    slots: input('slots', 'int64', ['B', 'T']),
    places: input('places', 'int64', ['N']),
    queryPlaces,
    keyPlaces,
    masks: new Map(),
    cache: options.cache ? { past: options.cache, present: [] } : null,
    modelDropout: options.modelDropout ?? false,
    randomness: options.random
      ? { seed: input('seed', 'uint32', [1]), rows: input('tokenNumbers', 'uint32', ['N']) }
      : null,
    noise: options.noiseAlpha ? { alpha: options.noiseAlpha, rowLengths: input('rowLengths', 'float32', ['N']) } : null,
    recompute: options.recompute ?? 'none',
  }
}

/**
 * 0 where a query may look at a key, the lowest float elsewhere: [T, K]. A query sees itself and what comes before it,
 * `window` places at most. Padding lies to the right of every row, so it is never seen.
 */
export function maskOf({ queryPlaces, keyPlaces, masks }: Tokens, window: number | null): Value {
  const known = masks.get(window)
  if (known) return known
  const column = reshape(queryPlaces, [queryPlaces.shape[0]!, 1])
  const hidden = constant(lowestFloat)
  const causal = where(lessOrEqual(keyPlaces, column), constant(0), hidden)
  const oldest = window === null ? null : add(keyPlaces, constant(window - 1, [], 'int32'))
  const mask = oldest ? where(lessOrEqual(column, oldest), causal, hidden) : causal
  masks.set(window, mask)
  return mask
}
