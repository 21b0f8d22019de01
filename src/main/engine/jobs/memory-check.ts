/** Says before a run's first step when this machine has not the memory for it. */
import { memoryShortage } from '../../../shared/memory-advice'
import type { BatchRows } from '../../../shared/training-cost'
import { optimizerSteps } from '../data/batches'
import { numbersOf } from '../models/anatomy'
import { EngineError } from '../protocol'
import { freeMemoryBytes } from '../system/free-memory'
import { elementsIn } from '../weights/dtypes'
import type { RunPlan } from './run-plan'

/**
 * @param free bytes that this process can still have
 * @throws EngineError `out_of_memory` with the settings that would fit. A need that is close to what is free passes:
 * both are estimates.
 */
export async function assureMemory(plan: RunPlan, free?: number): Promise<void> {
  const { open, args, trainable } = plan
  const question = {
    model: numbersOf(open.model, open.anatomy),
    arguments: args,
    trainableParameters: trainable.shapes.reduce((sum, { shape }) => sum + elementsIn(shape), 0),
    rows: batchRows(plan),
  }
  const shortage = memoryShortage(question, free ?? (await freeMemoryBytes()))
  if (shortage) throw new EngineError('out_of_memory', shortage)
}

/** The largest batch that the first epoch has, with other batch sizes. */
function batchRows({ args, data }: RunPlan): BatchRows {
  const tokensIn = (rows: readonly number[]) => rows.reduce((sum, row) => sum + data.examples[row]!.ids.length, 0)
  const { seed, shuffle } = args
  const epoch = { rows: data.sequences, accumulation: 1, epochs: 1, maxSteps: -1, seed, shuffle }
  return {
    longest: data.train.reduce((longest, row) => Math.max(longest, data.examples[row]!.ids.length), 0),
    tokensOf: (batchSize) => {
      const batches = [...optimizerSteps({ ...epoch, batchSize })].flatMap(({ microBatches }) => microBatches)
      return batches.reduce((most, sequences) => Math.max(most, tokensIn(sequences.flat())), 0)
    },
  }
}
