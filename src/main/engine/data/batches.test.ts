import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { optimizerSteps, splitRows, totalSteps } from './batches'

const plan = { rows: 21, batchSize: 2, accumulation: 2, epochs: 3, maxSteps: -1 }
const golden = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../tests/fixtures/gpt2-tiny/golden.json'), 'utf8'),
)

describe('totalSteps', () => {
  it.each([
    [{}, { steps: 18, stepsPerEpoch: 6 }],
    [{ maxSteps: 10 }, { steps: 10, stepsPerEpoch: 6 }],
    [{ epochs: 0.5 }, { steps: 3, stepsPerEpoch: 6 }],
    [{ epochs: 0.01 }, { steps: 1, stepsPerEpoch: 6 }],
    [{ epochs: 1.01 }, { steps: 7, stepsPerEpoch: 6 }],
    [{ accumulation: 1 }, { steps: 33, stepsPerEpoch: 11 }],
    [{ accumulation: 100 }, { steps: 3, stepsPerEpoch: 1 }],
    [
      { rows: 1, batchSize: 8 },
      { steps: 3, stepsPerEpoch: 1 },
    ],
    [{ rows: 24 }, { steps: 18, stepsPerEpoch: 6 }],
    [{ rows: 25 }, { steps: 21, stepsPerEpoch: 7 }],
  ])('%j', (changes, expected) => {
    expect(totalSteps({ ...plan, ...changes })).toEqual(expected)
  })
})

describe('optimizerSteps', () => {
  const rows = Array.from({ length: 21 }, (_, row) => 100 + row)
  const all = (changes: object) => [...optimizerSteps({ ...plan, rows, seed: 42, shuffle: true, ...changes })]

  it('counts epochs as the Trainer did', () => {
    const epochs = all({ maxSteps: 10 }).map(({ epoch }) => epoch)
    const expected: number[] = golden.training.lora.epoch
    for (const [step, epoch] of expected.entries()) expect(epochs[step]).toBeCloseTo(epoch, 12)
    expect(epochs).toHaveLength(expected.length)
  })

  it('takes rows in file order when it does not shuffle, and keeps the last, smaller batch', () => {
    const steps = all({ shuffle: false, epochs: 1 })
    expect(steps[0]!.microBatches).toEqual([
      [100, 101],
      [102, 103],
    ])
    expect(steps[5]!.microBatches).toEqual([[120]])
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('reads every row once an epoch, in an order that differs from epoch to epoch and from seed to seed', () => {
    const epochs = (changes: object) => {
      const steps = all(changes)
      return [0, 6, 12].map((at) => steps.slice(at, at + 6).flatMap(({ microBatches }) => microBatches.flat()))
    }
    const ours = epochs({})
    for (const epoch of ours) expect([...epoch].sort((a, b) => a - b)).toEqual(rows)
    const orders = [...ours, ...epochs({ seed: 43 })].map(String)
    expect(new Set(orders).size).toBe(6)
    expect(ours).toEqual(epochs({}))
  })

  it.each([0, 1, 5, 6, 7, 13, 17, 18])('goes on after step %i with the very steps that come next', (startAfter) => {
    expect(all({ startAfter })).toEqual(all({}).slice(startAfter))
  })

  it('ends after a part of an epoch, and has no steps without rows', () => {
    expect(all({ epochs: 0.5 })).toEqual(all({}).slice(0, 3))
    expect(all({ rows: [] })).toEqual([])
  })
})

describe('splitRows', () => {
  const order = { seed: 42, shuffle: true }

  it.each([
    [240, 0.1, 24],
    [30, 0.1, 3],
    [5, 0.1, 1],
    [21, 0.5, 11],
    [1, 0.1, 0],
    [2, 0.99, 1],
    [10, 0, 0],
    [0, 0.1, 0],
  ])('of %i rows, %d holds out %i', (count, split, heldOut) => {
    const { train, validation } = splitRows(count, split, order)
    expect(validation).toHaveLength(heldOut)
    const all = [...train, ...validation].sort((a, b) => a - b)
    expect(all).toEqual(Array.from({ length: count }, (_, row) => row))
  })

  it('holds out the last rows of the file when it does not shuffle', () => {
    expect(splitRows(5, 0.4, { ...order, shuffle: false })).toEqual({ train: [0, 1, 2], validation: [3, 4] })
  })

  it('follows from the seed alone', () => {
    expect(splitRows(100, 0.1, order)).toEqual(splitRows(100, 0.1, order))
    expect(splitRows(100, 0.1, order)).not.toEqual(splitRows(100, 0.1, { ...order, seed: 43 }))
  })
})
