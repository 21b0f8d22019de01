/** Says before a run's first step when this machine has not the memory for it. */
import { memoryShortage } from '../../../shared/memory-advice'
import type { BatchRows } from '../../../shared/training-cost'
import { optimizerSteps } from '../data/batches'
import { numbersOf } from '../models/anatomy'
import { EngineError } from '../protocol'
import { freeMemoryBytes } from '../system/free-memory'
import type { RunPlan } from './run-plan'

/**
 * @param free bytes that this process can still have
 * @throws EngineError `out_of_memory` with the settings that would fit. A need that is close to what is free passes:
 * both are estimates.
 */
export async function assureMemory(plan: RunPlan, free?: number): Promise<void> {
  const { open, args, trainable } = plan
  const question = {
    model: numbersOf(open.model),
    arguments: args,
    trainableParameters: trainable.shapes.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    rows: batchRows(plan),
  }
  const shortage = memoryShortage(question, free ?? (await freeMemoryBytes()))
  if (shortage) throw new EngineError('out_of_memory', shortage)
}

/** The largest batch that the first epoch has with other batch sizes. */
function batchRows({ args, data }: RunPlan): BatchRows {
  const lengths = data.train.map((row) => data.examples[row]!.ids.length)
  return {
    longest: Math.max(...lengths),
    tokensOf: (batchSize) => {
      let most = 0
      const order = { seed: args.seed, shuffle: args.shuffle }
      const epoch = { rows: data.train, batchSize, accumulation: 1, epochs: 1, maxSteps: -1, ...order }
      for (const { microBatches } of optimizerSteps(epoch))
        for (const rows of microBatches)
          most = Math.max(
            most,
            rows.reduce((sum, row) => sum + data.examples[row]!.ids.length, 0),
          )
      return args.packing ? Math.max(most, batchSize * args.max_length) : most
    },
  }
}
