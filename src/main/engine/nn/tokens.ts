/**
 * A batch of tokens as the layers see it. N tokens of all rows, packed without padding; B rows of T places, the
 * longest row's length; P places in the key/value cache. Linear layers work on [N, …], so padding costs nothing and
 * cannot change a loss; only attention lays the tokens out in rows.
 */
import { constant, input, type Value } from '../graph/value'
import { lessOrEqual, type Randomness, type RowLayout, reshape, where } from '../ops'

export type KeyValue = { key: Value; value: Value }
/** The keys and values of earlier tokens, layer by layer, and where the longer ones are put. */
export type Cache = { past: readonly KeyValue[]; present: KeyValue[] }

export type Tokens = RowLayout & {
  /** Token ids [N], int64. */
  ids: Value
  /** Place of each token in its row [N], int64. */
  positions: Value
  /** 0 where a query may look at a key, the lowest float elsewhere: [T, P + T]. */
  mask: Value
  /** Places of the keys, int32 [K]. */
  keyPlaces: Value
  cache: Cache | null
  /** Whether the dropout that the model's own configuration names is applied. */
  modelDropout: boolean
  /** What dropout draws from; null outside of training. */
  randomness: Randomness | null
}

export const lowestFloat = -3.4028234663852886e38

/** The graph's inputs for a batch. */
export function tokenInputs(
  options: { cache?: readonly KeyValue[]; random?: boolean; modelDropout?: boolean } = {},
): Tokens {
  const keys = options.cache ? 'K' : 'T'
  const queryPlaces = input('queryPlaces', 'int32', ['T'])
  const keyPlaces = options.cache ? input('keyPlaces', 'int32', [keys]) : queryPlaces
  return {
    ids: input('ids', 'int64', ['N']),
    positions: input('positions', 'int64', ['N']),
    slots: input('slots', 'int64', ['B', 'T']),
    places: input('places', 'int64', ['N']),
    mask: causalMask(queryPlaces, keyPlaces),
    keyPlaces,
    cache: options.cache ? { past: options.cache, present: [] } : null,
    modelDropout: options.modelDropout ?? false,
    randomness: options.random
      ? { seed: input('seed', 'uint32', [1]), rows: input('tokenNumbers', 'uint32', ['N']) }
      : null,
  }
}

/** Each query sees the keys up to its own place. Padding lies to the right of every row, so it is never seen. */
function causalMask(queries: Value, keys: Value): Value {
  const column = reshape(queries, [queries.shape[0]!, 1])
  return where(lessOrEqual(keys, column), constant(0), constant(lowestFloat))
}
