/** The events of a training run: the lines of its log, of `camelot train --json` and of the window's live view. */
import { z } from 'zod'
import { TrainingArguments } from './training-arguments'

/** Position in the run's log, from 1, and the moment it was written (ISO 8601). */
const stamp = { seq: z.number().int(), time: z.string() }

export const TrainEvent = z.discriminatedUnion('type', [
  z.object({
    ...stamp,
    type: z.literal('start'),
    run: z.string(),
    outputDir: z.string(),
    trainableParameters: z.number(),
    totalParameters: z.number(),
    /** Optimizer steps of the whole run. */
    steps: z.number(),
    /** Step this process starts after; 0 for a new run. */
    resumedFrom: z.number(),
    trainRows: z.number(),
    validationRows: z.number(),
    device: z.string(),
    arguments: TrainingArguments,
  }),
  z.object({
    ...stamp,
    type: z.literal('log'),
    step: z.number(),
    epoch: z.number(),
    /** Mean over the optimizer steps since the last log. */
    loss: z.number(),
    gradNorm: z.number(),
    learningRate: z.number(),
    tokensPerSecond: z.number(),
    peakMemoryBytes: z.number(),
    etaSeconds: z.number(),
  }),
  z.object({ ...stamp, type: z.literal('eval'), step: z.number(), loss: z.number(), perplexity: z.number() }),
  z.object({ ...stamp, type: z.literal('sample'), step: z.number(), prompt: z.string(), text: z.string() }),
  z.object({ ...stamp, type: z.literal('checkpoint'), step: z.number(), path: z.string() }),
  /** Paused or going on again, asked for by the person. */
  z.object({ ...stamp, type: z.literal('paused'), step: z.number() }),
  z.object({ ...stamp, type: z.literal('continued'), step: z.number() }),
  z.object({ ...stamp, type: z.literal('warning'), message: z.string() }),
  z.object({
    ...stamp,
    type: z.literal('done'),
    step: z.number(),
    trainLoss: z.number(),
    seconds: z.number(),
    tokensPerSecond: z.number(),
    /** The checkpoint that is the run's model. */
    best: z.object({ step: z.number(), path: z.string(), evalLoss: z.number().nullable() }),
    /** True when the person stopped the run before its last step. */
    stopped: z.boolean(),
  }),
  z.object({ ...stamp, type: z.literal('error'), code: z.string(), message: z.string() }),
])
export type TrainEvent = z.infer<typeof TrainEvent>
/** An event before it has a place in a log. */
export type UnstampedTrainEvent = TrainEvent extends infer E
  ? E extends TrainEvent
    ? Omit<E, 'seq' | 'time'>
    : never
  : never
