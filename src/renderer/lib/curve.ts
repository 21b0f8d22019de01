/**
 * From a run's events to the points of its charts: one row for each logged step, smoothing, and thinning.
 * Thinning: Steinarsson 2013, "Downsampling Time Series for Visual Representation" (largest triangle, three buckets).
 */
import type { TrainEvent } from '../../shared/contract'

/** One step of a run. null where nothing was measured at that step. */
export type CurvePoint = {
  step: number
  loss: number | null
  evalLoss: number | null
  learningRate: number | null
  gradNorm: number | null
  tokensPerSecond: number | null
}

export type CurveKey = Exclude<keyof CurvePoint, 'step'>

/**
 * Rows in the order of their steps. A step that was repeated after a resume counts as it was measured last, and
 * steps beyond the point that was resumed from are forgotten, because they never became part of the model.
 */
export function curvePoints(events: readonly TrainEvent[]): CurvePoint[] {
  const rows = new Map<number, CurvePoint>()
  for (const event of events) {
    if (event.type === 'start') forgetAfter(rows, event.resumedFrom)
    else if (event.type === 'log') {
      const { step, loss, learningRate, gradNorm, tokensPerSecond } = event
      rows.set(step, { ...rowAt(rows, step), loss, learningRate, gradNorm, tokensPerSecond })
    } else if (event.type === 'eval') rows.set(event.step, { ...rowAt(rows, event.step), evalLoss: event.loss })
  }
  return [...rows.values()].sort((a, b) => a.step - b.step)
}

function forgetAfter(rows: Map<number, CurvePoint>, last: number) {
  for (const step of rows.keys()) if (step > last) rows.delete(step)
}

const rowAt = (rows: Map<number, CurvePoint>, step: number): CurvePoint =>
  rows.get(step) ?? { step, loss: null, evalLoss: null, learningRate: null, gradNorm: null, tokensPerSecond: null }

/**
 * Exponential moving average that starts unbiased: y[n] = (1 − w) Σ wᵏ x[n−k] / (1 − wⁿ⁺¹).
 * `weight` 0 leaves the values as they are; nulls stay null and are skipped.
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  let sum = 0
  let correction = 1
  return values.map((value) => {
    if (value === null) return null
    sum = weight * sum + (1 - weight) * value
    correction *= weight
    return sum / (1 - correction)
  })
}

/**
 * At most `limit` of the points (at least 3): the first, the last, every one with an evaluation, and of the rest those
 * that keep the shape of the loss.
 */
export function thinned<T extends CurvePoint>(points: readonly T[], limit: number): T[] {
  if (points.length <= limit) return [...points]
  const evaluated = points.filter((point) => point.evalLoss !== null)
  const plain = points.filter((point) => point.evalLoss === null)
  const kept = evenly(evaluated, Math.floor(limit / 2))
  const shape = largestTriangles(plain, limit - kept.length)
  return [...kept, ...shape].sort((a, b) => a.step - b.step)
}

function evenly<T>(values: readonly T[], limit: number): T[] {
  if (values.length <= limit) return [...values]
  return Array.from({ length: limit }, (_, i) => values[Math.round((i * (values.length - 1)) / (limit - 1))]!)
}

function largestTriangles<T extends CurvePoint>(points: readonly T[], limit: number): T[] {
  if (points.length <= limit) return [...points]
  const width = (points.length - 2) / (limit - 2)
  const kept = [points[0]!]
  for (let bucket = 0; bucket < limit - 2; bucket++) {
    const start = Math.floor(bucket * width) + 1
    const end = Math.floor((bucket + 1) * width) + 1
    const after = points.slice(end, Math.min(Math.floor((bucket + 2) * width) + 1, points.length))
    kept.push(farthest(points.slice(start, end), kept.at(-1)!, after))
  }
  return [...kept, points.at(-1)!]
}

/** The point of `bucket` that spans the largest triangle with the last point kept and the mean of those after. */
function farthest<T extends CurvePoint>(bucket: readonly T[], last: T, after: readonly T[]): T {
  const mean = (pick: (point: T) => number) => after.reduce((sum, point) => sum + pick(point), 0) / after.length
  const [x, y] = [mean((point) => point.step), mean(height)]
  let best = bucket[0]!
  let largest = -1
  for (const point of bucket) {
    const area = Math.abs(
      (last.step - x) * (height(point) - height(last)) - (last.step - point.step) * (y - height(last)),
    )
    if (area > largest) [best, largest] = [point, area]
  }
  return best
}

const height = (point: CurvePoint): number => point.loss ?? 0

/** A logarithmic axis has no place for zero and below. */
export const onLogAxis = (value: number | null): number | null => (value !== null && value > 0 ? value : null)
