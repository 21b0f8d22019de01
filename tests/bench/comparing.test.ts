/** What the benchmark concludes from figures: ratios, agreement of losses, straightness of a line. */
import { expect, it } from 'vitest'
import { agreements, ratios } from '../../bench/comparison'
import { pointOf, seriesOf } from '../../bench/scaling-figures'
import type { Figures } from '../../bench/summary'

const figures = (name: string, tokensPerSecond: number, gigabytes: number, losses: number[]): Figures => ({
  name,
  title: name,
  tokensPerSecond,
  peakMemoryBytes: gigabytes * 1e9,
  peakMemory: null,
  secondsToFirstStep: 1,
  runs: [],
  losses,
  lossSpread: 0,
})
const field = [
  figures('camelot', 160, 2, [10, 8]),
  figures('camelot-int8', 300, 1.5, [10.05, 8.2]),
  figures('peer-fp32', 80, 6, [10.0001, 8]),
  figures('peer-bf16', 100, 4, [10.01, 8.01]),
]

it('compares with the fastest and with the smallest peer, and with our own fp32', () => {
  const value = (what: string) => ratios(field).find((ratio) => ratio.what === what)?.value
  expect(value("camelot: tokens/s ÷ the faster peer's")).toBeCloseTo(1.6)
  expect(value("camelot: peak memory ÷ the smaller peer's")).toBeCloseTo(0.5)
  expect(value("camelot-int8: peak memory ÷ our fp32 LoRA's")).toBeCloseTo(0.75)
  expect(value("camelot: peak memory ÷ our fp32 LoRA's")).toBeUndefined()
})

it('leaves out what it cannot compare', () => {
  expect(ratios([field[0]!])).toEqual([])
  expect(agreements([field[0]!])).toEqual([])
})

it('holds fp32 to the peer exactly, and a quantized base to a share of the loss', () => {
  const [exact, int8] = agreements(field)
  expect(exact).toMatchObject({ name: 'camelot', against: 'peer-fp32', kind: 'absolute', within: true })
  expect(int8).toMatchObject({ name: 'camelot-int8', against: 'peer-fp32', kind: 'relative', within: false })
  expect(int8!.largestDifference).toBeCloseTo(0.025)
})

it('compares a quantized base with our own fp32 where no peer ran', () => {
  expect(agreements(field.slice(0, 2))).toMatchObject([{ name: 'camelot-int8', against: 'camelot', bound: 0.01 }])
})

it('never calls curves of different lengths equal', () => {
  const [shorter] = agreements([figures('camelot', 1, 1, [10]), field[2]!])
  expect(shorter!.within).toBe(false)
})

it('measures how far points are from a straight line', () => {
  const line = [1, 2, 4].map((x) => ({ x, millisecondsPerToken: 2 + 3 * x }))
  const straight = seriesOf('layers', '', line)
  expect(straight.intercept).toBeCloseTo(2)
  expect(straight.slope).toBeCloseTo(3)
  expect(straight.spread).toBeCloseTo(14 / 5 - 1)
  expect(straight.largestDeparture).toBeCloseTo(0)
  const bent = [...line, { x: 8, millisecondsPerToken: 40 }]
  expect(seriesOf('layers', '', bent).largestDeparture).toBeGreaterThan(0.2)
})

it('takes the median step of all runs for a point, without the first step', () => {
  const run = (...seconds: number[]) => ({
    steps: seconds.map((at, i) => ({ step: i + 1, loss: 1, seconds: at })),
    start: null,
    startSeconds: null,
    seconds: 0,
    peakMemory: null,
  })
  expect(pointOf(64, [run(9, 11, 14), run(7, 9)], 1000)).toEqual({ x: 64, millisecondsPerToken: 2 })
})
