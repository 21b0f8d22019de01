import { describe, expect, it } from 'vitest'
import { resolveArguments, type TrainEvent, type UnstampedTrainEvent } from '../../shared/contract'
import { paintFor } from './paint'
import { RunReport } from './run-report'

const stamped = (event: UnstampedTrainEvent, seq: number) =>
  ({ ...event, seq, time: '2025-01-01T00:00:00.000Z' }) as TrainEvent
const start: UnstampedTrainEvent = {
  type: 'start',
  run: 'run-abc',
  outputDir: '/runs/run-abc',
  trainableParameters: 5_120,
  totalParameters: 105_120,
  steps: 1_200,
  resumedFrom: 0,
  trainRows: 1_080,
  validationRows: 120,
  device: 'cpu',
  arguments: resolveArguments({}, {}, { contextLength: 64, hasValidationData: false, hasPrompts: true }),
}
const log = {
  type: 'log',
  step: 10,
  epoch: 0.37,
  loss: 3.12159,
  gradNorm: 1.5,
  learningRate: 1.9e-4,
  tokensPerSecond: 2_310.4,
  peakMemoryBytes: 5e8,
  etaSeconds: 75,
} as const
const events: UnstampedTrainEvent[] = [
  start,
  log,
  { ...log, step: 20, epoch: 0.74, loss: 2.5, etaSeconds: 61 },
  { type: 'eval', step: 27, loss: 2.25, perplexity: 9.4877 },
  { type: 'sample', step: 27, prompt: 'Who?', text: ' A "knight"\nof old' },
  { type: 'checkpoint', step: 27, path: '/runs/run-abc/checkpoint-27' },
  { type: 'warning', message: 'said elsewhere' },
  {
    type: 'done',
    step: 27,
    trainLoss: 2.8,
    seconds: 83,
    tokensPerSecond: 2_300,
    best: { step: 27, path: '/runs/run-abc/checkpoint-27', evalLoss: 2.25 },
    stopped: false,
  },
]

describe('a run as a person reads it', () => {
  it('heads the table once and says what happened between', () => {
    const report = new RunReport()
    const plain = paintFor({}, {})
    const lines = events.flatMap((event, at) => report.lines(stamped(event, at + 1), plain))
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "Run run-abc on cpu
      LoRA, r 16: 5.12K of 105K parameters train (4.9 %)
      1,080 rows, 120 held out, 1,200 steps
      Checkpoints go to /runs/run-abc

         step  epoch     loss  grad norm  learning rate  tokens/s     left
           10   0.37   3.1216      1.500        1.90e-4     2,310     1:15
           20   0.74   2.5000      1.500        1.90e-4     2,310     1:01
           27  evaluation loss 2.2500, perplexity 9.49
               "Who?" → " A \\"knight\\"\\nof old"
           27  saved /runs/run-abc/checkpoint-27

      Done after 27 steps in 1:23: mean loss 2.8000, 2,300 tokens/s
      Best checkpoint: /runs/run-abc/checkpoint-27 (evaluation loss 2.2500)"
    `)
  })

  it('moves the bar with the steps', () => {
    const report = new RunReport()
    expect(report.progress(stamped({ ...start, resumedFrom: 5 }, 1))).toEqual({
      done: 5,
      total: 1_200,
      label: 'training',
      figures: [],
    })
    expect(report.progress(stamped(log, 2))).toEqual({
      done: 10,
      total: 1_200,
      label: 'training',
      figures: ['10/1,200', 'loss 3.1216', '2,310 tokens/s', '1:15 left'],
    })
    expect(report.progress(stamped(events[3]!, 3))).toBeNull()
  })
})
