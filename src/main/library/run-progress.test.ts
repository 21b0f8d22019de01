import { expect, test } from 'vitest'
import { resolveArguments, type TrainEvent } from '../../shared/contract'
import { advance, noProgress } from './run-progress'

const given = resolveArguments({}, {}, { contextLength: 64, hasValidationData: false, hasPrompts: true })
const at = { seq: 1, time: '' }
const start = (resumedFrom: number): TrainEvent => ({
  ...at,
  type: 'start',
  run: 'r',
  outputDir: '/o',
  trainableParameters: 1,
  totalParameters: 2,
  steps: 30,
  resumedFrom,
  trainRows: 1,
  validationRows: 1,
  device: 'cpu',
  arguments: given,
})
const log = (step: number, loss: number): TrainEvent => ({
  ...at,
  type: 'log',
  step,
  epoch: 1,
  loss,
  gradNorm: 1,
  learningRate: 1,
  tokensPerSecond: 500,
  peakMemoryBytes: 7,
  etaSeconds: 9,
})
const evaluated = (step: number, loss: number): TrainEvent => ({ ...at, type: 'eval', step, loss, perplexity: 1 })
const saved = (step: number): TrainEvent => ({ ...at, type: 'checkpoint', step, path: `/o/checkpoint-${step}` })
const fold = (events: TrainEvent[]) => events.reduce(advance, noProgress)

test('the last log is what is shown live', () => {
  const live = { step: 20, loss: 1, tokensPerSecond: 500, peakMemoryBytes: 7, etaSeconds: 9, steps: 30 }
  expect(fold([start(0), log(10, 2), log(20, 1)])).toMatchObject(live)
})

test('a checkpoint carries the evaluation of its step, whichever came first', () => {
  const { checkpoints, evalLoss } = fold([
    start(0),
    evaluated(10, 3),
    saved(10),
    saved(20),
    evaluated(20, 2),
    saved(30),
  ])
  expect(checkpoints.map(({ step, evalLoss }) => [step, evalLoss])).toEqual([
    [10, 3],
    [20, 2],
    [30, null],
  ])
  expect(evalLoss).toBe(2)
})

test('going on from a checkpoint forgets what came after it, and the error that ended it', () => {
  const failed: TrainEvent = { ...at, type: 'error', code: 'killed', message: 'It was killed.' }
  const before = fold([start(0), saved(10), evaluated(20, 2), saved(20), log(25, 1), failed])
  expect(before).toMatchObject({ error: 'It was killed.', step: 25, etaSeconds: null })
  const after = advance(before, start(10))
  expect(after).toMatchObject({ error: null, step: 10, evaluations: [] })
  expect(after.checkpoints.map(({ step }) => step)).toEqual([10])
})

test('the end names the best checkpoint', () => {
  const best = { step: 10, path: '/o/checkpoint-10', evalLoss: 1 }
  const done: TrainEvent = {
    ...at,
    type: 'done',
    step: 30,
    trainLoss: 1,
    seconds: 2,
    tokensPerSecond: 3,
    best,
    stopped: false,
  }
  expect(fold([start(0), saved(10), done])).toMatchObject({ bestStep: 10, step: 30, tokensPerSecond: 3, etaSeconds: 0 })
})
