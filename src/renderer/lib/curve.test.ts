// @vitest-environment node
import { describe, expect, it } from 'vitest'
import type { TrainEvent } from '../../shared/contract'
import { type CurvePoint, curvePoints, onLogAxis, smoothed, thinned } from './curve'

const time = '2026-01-01T00:00:00.000Z'
const log = (seq: number, step: number, loss: number): TrainEvent => ({
  seq,
  time,
  type: 'log',
  step,
  epoch: 0,
  loss,
  gradNorm: 1,
  learningRate: 1e-3,
  tokensPerSecond: 100,
  peakMemoryBytes: 1,
  etaSeconds: 1,
})
const evaluation = (seq: number, step: number, loss: number): TrainEvent => ({
  seq,
  time,
  type: 'eval',
  step,
  loss,
  perplexity: Math.exp(loss),
})
const resumed = (seq: number, resumedFrom: number): TrainEvent =>
  ({ seq, time, type: 'start', resumedFrom }) as unknown as TrainEvent

const point = (step: number, loss: number, evalLoss: number | null = null): CurvePoint => ({
  step,
  loss,
  evalLoss,
  learningRate: null,
  gradNorm: null,
  tokensPerSecond: null,
})

describe('curvePoints', () => {
  it('puts the evaluation beside the step it was made at', () => {
    const points = curvePoints([log(1, 10, 3), evaluation(2, 10, 3.5), evaluation(3, 15, 3.2), log(4, 20, 2)])
    expect(points.map(({ step, loss, evalLoss }) => [step, loss, evalLoss])).toEqual([
      [10, 3, 3.5],
      [15, null, 3.2],
      [20, 2, null],
    ])
  })

  it('forgets the steps beyond the checkpoint that a run went on from', () => {
    const points = curvePoints([log(1, 10, 3), log(2, 20, 2), log(3, 30, 9), resumed(4, 20), log(5, 30, 1.5)])
    expect(points.map(({ step, loss }) => [step, loss])).toEqual([
      [10, 3],
      [20, 2],
      [30, 1.5],
    ])
  })
})

describe('smoothed', () => {
  it('leaves the values alone at 0', () => expect(smoothed([3, 1, 2], 0)).toEqual([3, 1, 2]))

  it('begins at the first value and weighs the past without bias', () => {
    const [first, second] = smoothed([4, 0], 0.5)
    expect(first).toBe(4)
    expect(second).toBeCloseTo((0.5 * 4 * 0.5 + 0) / 0.75, 12)
  })

  it('keeps a constant constant', () => {
    for (const value of smoothed(Array(50).fill(7), 0.97)) expect(value).toBeCloseTo(7, 10)
  })

  it('skips what was not measured', () => expect(smoothed([2, null, 2], 0.9)).toEqual([2, null, expect.closeTo(2, 12)]))
})

describe('thinned', () => {
  const noisy = Array.from({ length: 50_000 }, (_, i) => point(i, Math.sin(i / 900) + (i === 31_313 ? 40 : 0)))

  it('keeps at most the limit, both ends, and the order', () => {
    const kept = thinned(noisy, 1000)
    expect(kept.length).toBe(1000)
    expect(kept[0]).toBe(noisy[0])
    expect(kept.at(-1)).toBe(noisy.at(-1))
    expect(kept.every((each, i) => i === 0 || each.step > kept[i - 1]!.step)).toBe(true)
  })

  it('keeps a spike', () => expect(thinned(noisy, 1000).some(({ step }) => step === 31_313)).toBe(true))

  it('keeps every evaluation', () => {
    const points = noisy.map((each) => (each.step % 1000 === 500 ? { ...each, evalLoss: 1 } : each))
    expect(thinned(points, 1000).filter(({ evalLoss }) => evalLoss !== null)).toHaveLength(50)
  })

  it('stays within the limit where evaluations are many', () => {
    const points = noisy.map((each) => ({ ...each, evalLoss: 1 }))
    expect(thinned(points, 1000).length).toBeLessThanOrEqual(1000)
  })

  it('leaves few points alone', () => expect(thinned([point(1, 2), point(2, 1)], 1000)).toHaveLength(2))
})

it('a logarithmic axis refuses zero', () => expect([1, 0, -1, null].map(onLogAxis)).toEqual([1, null, null, null]))
