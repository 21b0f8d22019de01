/**
 * Where the tokens of a batch lie: end to end for linear layers, and in lanes side by side for attention. A lane is as
 * long as the longest row; shorter rows share lanes, without seeing each other, so that a long row among many short ones
 * does not make attention work on padding. N tokens, B lanes of T places.
 */
import { packRows } from '../data/packing'
import { queryBlocks } from '../nn/tokens'
import type { Tensors } from '../runtime/session'

export type TokenLayout = {
  /** N. */
  count: number
  /** The first token of each row. */
  starts: readonly number[]
  feeds: Tensors
}

/** The layout of rows of these lengths; T is a multiple of `blocks`. Positions count from `firstPosition`. */
export function layoutOf(lengths: readonly number[], { firstPosition = 0, blocks = queryBlocks } = {}): TokenLayout {
  const starts: number[] = []
  let N = 0
  for (const length of lengths) {
    starts.push(N)
    N += length
  }
  const T = Math.ceil(Math.max(...lengths) / blocks) * blocks
  const lanes = packRows(lengths, T)
  const B = lanes.length
  const positions = new BigInt64Array(N)
  const places = new BigInt64Array(N)
  const slots = new BigInt64Array(B * T).fill(BigInt(N))
  const rowStarts = new Int32Array(B * T)
  lanes.forEach((rows, lane) => {
    let first = lane * T
    for (const row of rows) {
      const length = lengths[row]!
      rowStarts.fill(first - lane * T, first, first + length)
      for (let i = 0; i < length; i++) {
        const token = starts[row]! + i
        positions[token] = BigInt(firstPosition + i)
        places[token] = BigInt(first + i)
        slots[first + i] = BigInt(token)
      }
      first += length
    }
  })
  const queryPlaces = Int32Array.from({ length: T }, (_, i) => firstPosition + i)
  return {
    count: N,
    starts,
    feeds: {
      positions: { data: positions, shape: [N] },
      places: { data: places, shape: [N] },
      slots: { data: slots, shape: [B, T] },
      rowStarts: { data: rowStarts, shape: [B, T] },
      queryPlaces: { data: queryPlaces, shape: [T] },
    },
  }
}
