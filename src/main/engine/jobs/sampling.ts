/**
 * From logits to the next token: transformers' logits processors in its order (repetition penalty, temperature, top-k,
 * top-p, min-p), then one seeded draw. Pure but for the state of the generator.
 * Source: transformers, `generation/logits_process.py` and the order in `_get_logits_processor`.
 */
import type { GenerationSettings } from '../../../shared/contract'
import { seededRandom } from '../data/random'

export type SamplingSettings = Pick<
  GenerationSettings,
  'do_sample' | 'temperature' | 'top_k' | 'top_p' | 'min_p' | 'repetition_penalty'
>

/** @param tokensSoFar the prompt's ids and the new ones, for the repetition penalty. @returns the next token's id. */
export type Sampler = (logits: Float32Array, tokensSoFar: readonly number[]) => number

/** Greedy (the first of the best) when `do_sample` is false or the temperature is 0. */
export function sampler(settings: SamplingSettings, seed: number): Sampler {
  const random = seededRandom(seed)
  const greedy = !settings.do_sample || settings.temperature === 0
  return (logits, tokensSoFar) => {
    const scores = penalized(logits, tokensSoFar, settings.repetition_penalty)
    return greedy ? indexOfLargest(scores) : drawn(processed(scores, settings), random.fraction())
  }
}

/** The probability of every token after all processors, [V]; 0 for those that were taken out. */
export const probabilities = (
  logits: Float32Array,
  tokensSoFar: readonly number[],
  settings: SamplingSettings,
): Float64Array => processed(penalized(logits, tokensSoFar, settings.repetition_penalty), settings)

/** Each token that was seen, once: positive scores are divided by the penalty, negative ones multiplied. */
function penalized(logits: Float32Array, seen: readonly number[], penalty: number): Float32Array {
  if (penalty === 1) return logits
  const scores = logits.slice()
  for (const id of new Set(seen)) {
    const score = scores[id]
    if (score !== undefined) scores[id] = score < 0 ? score * penalty : score / penalty
  }
  return scores
}

function processed(logits: Float32Array, settings: SamplingSettings): Float64Array {
  const scores = Float64Array.from(logits)
  for (let id = 0; id < scores.length; id++) scores[id]! /= settings.temperature
  keepBest(scores, settings.top_k)
  softmax(scores)
  keepNucleus(scores, settings.top_p)
  keepAtLeast(scores, settings.min_p)
  return scores
}

/** Rules out all but the `count` best scores and those as good as the last of them. */
function keepBest(scores: Float64Array, count: number): void {
  if (count === 0 || count >= scores.length) return
  const lowest = largest(scores, count)
  for (let id = 0; id < scores.length; id++) if (scores[id]! < lowest) scores[id] = Number.NEGATIVE_INFINITY
}

/** Scores → probabilities, in place. */
function softmax(scores: Float64Array): void {
  const best = scores[indexOfLargest(scores)]!
  for (let id = 0; id < scores.length; id++) scores[id] = Math.exp(scores[id]! - best)
  normalize(scores)
}

/** Keeps the fewest best tokens whose probabilities reach `mass` together; of equals those with the lower ids. */
function keepNucleus(probabilities: Float64Array, mass: number): void {
  if (mass >= 1) return
  // All tokens below this have less than 1 − mass together, so the nucleus lies above: only that needs sorting.
  const floor = (1 - mass) / probabilities.length
  const ids: number[] = []
  for (let id = 0; id < probabilities.length; id++) if (probabilities[id]! >= floor) ids.push(id)
  ids.sort((a, b) => probabilities[b]! - probabilities[a]! || a - b)
  const kept = new Float64Array(probabilities.length)
  let sum = 0
  for (const id of ids) {
    if (sum >= mass) break
    kept[id] = probabilities[id]!
    sum += kept[id]!
  }
  probabilities.set(kept)
  normalize(probabilities)
}

/** Keeps tokens with at least `share` of the best one's probability. */
function keepAtLeast(probabilities: Float64Array, share: number): void {
  if (share === 0) return
  const lowest = probabilities[indexOfLargest(probabilities)]! * share
  for (let id = 0; id < probabilities.length; id++) if (probabilities[id]! < lowest) probabilities[id] = 0
  normalize(probabilities)
}

function normalize(probabilities: Float64Array): void {
  let sum = 0
  for (const probability of probabilities) sum += probability
  for (let id = 0; id < probabilities.length; id++) probabilities[id]! /= sum
}

/** @param fraction in [0, 1) */
function drawn(probabilities: Float64Array, fraction: number): number {
  let sum = 0
  for (let id = 0; id < probabilities.length; id++) {
    sum += probabilities[id]!
    if (fraction < sum) return id
  }
  return indexOfLargest(probabilities)
}

function indexOfLargest(values: Float32Array | Float64Array): number {
  let best = 0
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index
  return best
}

/** The `rank`-th largest value, from 1: Hoare's quickselect on a copy. */
function largest(values: Float64Array, rank: number): number {
  const copy = Float64Array.from(values)
  const wanted = copy.length - rank
  let [low, high] = [0, copy.length - 1]
  while (low < high) {
    const pivot = copy[(low + high) >> 1]!
    let [left, right] = [low, high]
    while (left <= right) {
      while (copy[left]! < pivot) left++
      while (copy[right]! > pivot) right--
      if (left > right) break
      const value = copy[left]!
      copy[left++] = copy[right]!
      copy[right--] = value
    }
    if (wanted <= right) high = right
    else if (wanted >= left) low = left
    else break
  }
  return copy[wanted]!
}
