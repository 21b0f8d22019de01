/** What the charts draw: the points smoothed, thinned, and without what a logarithmic axis cannot hold. */
import { type CurvePoint, onLogAxis, smoothed, thinned } from '../../lib/curve'

export type DrawnPoint = CurvePoint & { smoothLoss: number | null; smoothGradNorm: number | null }

export const mostPoints = 1000

/** Smoothing sees every point; only then are at most a thousand kept. */
export function drawnPoints(points: readonly CurvePoint[], smoothing: number, logarithmic: boolean): DrawnPoint[] {
  const smoothLoss = smoothed(
    points.map((point) => point.loss),
    smoothing,
  )
  const smoothGradNorm = smoothed(
    points.map((point) => point.gradNorm),
    smoothing,
  )
  const all = points.map((point, i) => ({
    ...point,
    smoothLoss: smoothLoss[i] ?? null,
    smoothGradNorm: smoothGradNorm[i] ?? null,
  }))
  const kept = thinned(all, mostPoints)
  return logarithmic ? kept.map(positiveOnly) : kept
}

const positiveOnly = (point: DrawnPoint): DrawnPoint => ({
  ...point,
  loss: onLogAxis(point.loss),
  evalLoss: onLogAxis(point.evalLoss),
  learningRate: onLogAxis(point.learningRate),
  gradNorm: onLogAxis(point.gradNorm),
  smoothLoss: onLogAxis(point.smoothLoss),
  smoothGradNorm: onLogAxis(point.smoothGradNorm),
})

/** Room around a single value, which is no range by itself; null where the values span one. */
export function axisDomain(values: readonly (number | null)[]): [number, number] | null {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) if (value !== null) [low, high] = [Math.min(low, value), Math.max(high, value)]
  if (low !== high) return null
  return low === 0 ? [-1, 1] : [low - Math.abs(low) / 10, low + Math.abs(low) / 10]
}

/** First and last step, with room around a single one. The points are in the order of their steps. */
export function stepRange(points: readonly { step: number }[]): [number, number] {
  const [first, last] = [points[0]?.step ?? 0, points.at(-1)?.step ?? 0]
  return first === last ? [first - 1, last + 1] : [first, last]
}

/** The point whose step is nearest; undefined where there are none. */
export function nearestPoint<T extends { step: number }>(points: readonly T[], step: number): T | undefined {
  let [low, high] = [0, points.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]!.step < step) low = middle + 1
    else high = middle
  }
  const [before, after] = [points[low - 1], points[low]]
  return before && after && step - before.step < after.step - step ? before : after
}
