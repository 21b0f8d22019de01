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
