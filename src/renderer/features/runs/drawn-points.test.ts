// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { CurvePoint } from '../../lib/curve'
import { axisDomain, drawnPoints, nearestPoint, stepRange } from './drawn-points'

const point = (step: number, loss: number | null, evalLoss: number | null = null): CurvePoint => ({
  step,
  loss,
  evalLoss,
  learningRate: 0,
  gradNorm: 1,
  tokensPerSecond: 10,
})

it('draws at most a thousand points, smoothed before they were thinned', () => {
  const points = Array.from({ length: 20_000 }, (_, i) => point(i, i % 2))
  const drawn = drawnPoints(points, 0.99, false)
  expect(drawn).toHaveLength(1000)
  expect(drawn.slice(500).every(({ smoothLoss }) => Math.abs(smoothLoss! - 0.5) < 0.02)).toBe(true)
})

it('leaves out on a logarithmic axis what is not above zero', () => {
  expect(drawnPoints([point(1, 0, 2), point(2, 3)], 0, true)).toMatchObject([
    { loss: null, evalLoss: 2, learningRate: null },
    { loss: 3, smoothLoss: 3, tokensPerSecond: 10 },
  ])
})

describe('nearestPoint', () => {
  const points = [2, 4, 10, 30].map((step) => ({ step }))
  it.each([
    [-5, 2],
    [2.9, 2],
    [3.1, 4],
    [7.1, 10],
    [19, 10],
    [21, 30],
    [99, 30],
  ])('%d is nearest to %d', (step, nearest) => expect(nearestPoint(points, step)?.step).toBe(nearest))
  it('finds none among none', () => expect(nearestPoint([], 3)).toBeUndefined())
})

it('gives a single value room, and lets a range be', () => {
  expect(axisDomain([5, null, 5])).toEqual([4.5, 5.5])
  expect(axisDomain([0])).toEqual([-1, 1])
  expect(axisDomain([1, 2])).toBeNull()
  expect(axisDomain([])).toBeNull()
  expect(stepRange([{ step: 7 }])).toEqual([6, 8])
})
