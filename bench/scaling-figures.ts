/** What a token costs as something grows, and how straight the line is that its points lie on. */
import { z } from 'zod'
import type { MeasuredRun } from './measured-run'
import { median } from './summary'

const Point = z.object({ x: z.number(), millisecondsPerToken: z.number() })
export type Point = z.infer<typeof Point>

export const PointSeries = z.object({
  name: z.enum(['lengths', 'layers']),
  title: z.string(),
  points: z.array(Point),
  /** Least-squares line through the points: milliseconds = intercept + slope · x. */
  intercept: z.number(),
  slope: z.number(),
  /** Largest distance of a point from that line, as a share of the line's value there. */
  largestDeparture: z.number(),
  /** Dearest point over cheapest, less 1. */
  spread: z.number(),
})
export type PointSeries = z.infer<typeof PointSeries>

/** Median time of a step, the first left out, over its tokens. */
export function pointOf(x: number, runs: readonly MeasuredRun[], tokensPerStep: number): Point {
  const seconds = runs.flatMap(({ steps }) => steps.slice(1).map((step, i) => step.seconds - steps[i]!.seconds))
  return { x, millisecondsPerToken: (1000 * median(seconds)) / tokensPerStep }
}

export function seriesOf(name: PointSeries['name'], title: string, points: readonly Point[]): PointSeries {
  const { intercept, slope } = lineThrough(points)
  const departures = points.map(({ x, millisecondsPerToken }) => {
    const expected = intercept + slope * x
    return Math.abs(millisecondsPerToken - expected) / expected
  })
  const costs = points.map(({ millisecondsPerToken }) => millisecondsPerToken)
  return {
    name,
    title,
    points: [...points],
    intercept,
    slope,
    largestDeparture: Math.max(...departures),
    spread: Math.max(...costs) / Math.min(...costs) - 1,
  }
}

function lineThrough(points: readonly Point[]) {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(points.map((point) => point.x))
  const y = mean(points.map((point) => point.millisecondsPerToken))
  const spread = points.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
  const slope =
    spread > 0 ? points.reduce((sum, point) => sum + (point.x - x) * (point.millisecondsPerToken - y), 0) / spread : 0
  return { slope, intercept: y - slope * x }
}
