// The order in which the documents are trained on: batches of similar length, so that little of a batch is padding.
import { Random } from './random'

/** Batches among which documents are sorted; few enough that a batch is not all of one kind, enough that lengths agree. */
const pool = 50

/**
 * The documents in an order that follows from the seed: shuffled, sorted by length within pools of 50 batches, and the
 * batches shuffled again. Read in file order, every `batchSize` documents are one batch.
 */
export function inBatchesOfLikeLength(documents: readonly string[], batchSize: number, seed: number): string[] {
  const random = new Random(seed, 0x6261746368)
  const shuffled = random.shuffled(documents)
  const batches: string[][] = []
  for (let start = 0; start < shuffled.length; start += pool * batchSize) {
    const sorted = shuffled.slice(start, start + pool * batchSize).sort((one, other) => one.length - other.length)
    for (let place = 0; place < sorted.length; place += batchSize) batches.push(sorted.slice(place, place + batchSize))
  }
  const whole = batches.filter((batch) => batch.length === batchSize)
  const rest = batches.filter((batch) => batch.length < batchSize)
  return [...random.shuffled(whole), ...rest].flat()
}
