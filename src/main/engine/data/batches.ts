/**
 * Which rows an optimizer step reads. The arithmetic of steps and epochs is the Hugging Face Trainer's: the last,
 * smaller batch of an epoch is kept, no step spans two epochs, and `epoch` counts batches.
 * Source: transformers.Trainer, `set_initial_training_values` and the inner training loop.
 */
import { seededRandom } from './random'

export type StepPlan = {
  /** Rows in one epoch; with packing, sequences. */
  rows: number
  batchSize: number
  /** Batches whose gradients make one step. */
  accumulation: number
  /** May be a fraction. */
  epochs: number
  /** Overrides `epochs` when above 0. */
  maxSteps: number
}

/** Optimizer steps of a whole run and of one epoch. */
export function totalSteps(plan: StepPlan): { steps: number; stepsPerEpoch: number } {
  const stepsPerEpoch = Math.max(1, Math.ceil(batchesPerEpoch(plan) / plan.accumulation))
  const steps = plan.maxSteps > 0 ? plan.maxSteps : Math.ceil(plan.epochs * stepsPerEpoch)
  return { steps, stepsPerEpoch }
}

const batchesPerEpoch = ({ rows, batchSize }: Pick<StepPlan, 'rows' | 'batchSize'>) => Math.ceil(rows / batchSize)

export type RowOrder = { seed: number /** false takes rows in file order. */; shuffle: boolean }

/** Streams of the seed, so that the split and the epochs do not share numbers. */
const stream = { split: 1, epoch: 2 }

/**
 * Holds out the last `split` of the rows (rounded up, but never all) in the seeded order, or in file order.
 * Both lists are in file order.
 */
export function splitRows(count: number, split: number, order: RowOrder): { train: number[]; validation: number[] } {
  const all = Array.from({ length: count }, (_, row) => row)
  if (order.shuffle) seededRandom(order.seed, stream.split).shuffle(all)
  // 0.1 × 30 is 3.0000000000000004 in binary; that is three rows, not four.
  const heldOut = Math.min(Math.ceil(split * count - 1e-9), count - 1)
  const border = heldOut > 0 ? count - heldOut : count
  const inFileOrder = (rows: number[]) => rows.sort((a, b) => a - b)
  return { train: inFileOrder(all.slice(0, border)), validation: inFileOrder(all.slice(border)) }
}

export type OptimizerStep<Row> = {
  /** From 1. */
  step: number
  /** Epochs done after this step, as the Trainer counts them. */
  epoch: number
  /** Each a list of at most `batchSize` entries of `rows`. */
  microBatches: Row[][]
}

/**
 * The steps of a run after step `startAfter`. The order within an epoch follows from seed and epoch alone, so going on
 * anywhere needs no replay.
 */
export function* optimizerSteps<Row>(
  plan: Omit<StepPlan, 'rows'> & RowOrder & { rows: readonly Row[]; startAfter?: number },
): Generator<OptimizerStep<Row>> {
  const { batchSize, accumulation, startAfter = 0 } = plan
  const shape = { ...plan, rows: plan.rows.length }
  const { steps, stepsPerEpoch } = totalSteps(shape)
  const batches = batchesPerEpoch(shape)
  if (batches === 0) return
  for (let step = startAfter + 1; step <= steps; ) {
    const epoch = Math.floor((step - 1) / stepsPerEpoch)
    const rows = rowsOfEpoch(plan.rows, epoch, plan)
    for (let within = (step - 1) % stepsPerEpoch; within < stepsPerEpoch && step <= steps; within++, step++) {
      const first = within * accumulation
      const last = Math.min(first + accumulation, batches)
      const microBatches = Array.from({ length: last - first }, (_, batch) =>
        rows.slice((first + batch) * batchSize, (first + batch + 1) * batchSize),
      )
      yield { step, epoch: epoch + last / batches, microBatches }
    }
  }
}

const rowsOfEpoch = <Row>(rows: readonly Row[], epoch: number, { seed, shuffle }: RowOrder): readonly Row[] =>
  shuffle ? seededRandom(seed, stream.epoch, epoch).shuffle([...rows]) : rows
