/** What training a model costs here: memory from its shape, time from earlier runs or from the processor's speed. */
import { join } from 'node:path'
import {
  type DatasetStatistics,
  type ModelEntry,
  methodOf,
  type RunEntry,
  type TrainingArguments,
} from '../../shared/contract'
import { type BatchRows, expectedSpeed, type MemoryQuestion } from '../../shared/training-cost'
import { isRecord, readJsonIfThere } from '../engine/files/json'
import { modelOf } from '../engine/models'
import { anatomyOf, numbersOf } from '../engine/models/anatomy'
import type { Library } from '../library'
import { countAdapterParameters } from '../library/model-parameters'
import { filesOf } from './model-files'
import { knownRates } from './processor'

/** @param measured the data set's tokens, where they have been counted */
export async function openCost(library: Library, model: ModelEntry, measured: DatasetStatistics | null) {
  const file = join(filesOf(model).folder, 'config.json')
  const architecture = modelOf(await readJsonIfThere(file, 'bad_model'), file)
  const anatomy = anatomyOf(architecture)
  const numbers = numbersOf(architecture, anatomy)
  const rates = knownRates(library)
  const runs = library.runs.list().filter(({ modelId, tokensPerSecond }) => modelId === model.id && tokensPerSecond)
  const supervisedShare = measured ? measured.tokens.supervised / Math.max(1, measured.tokens.total) : 1

  return {
    async question(args: TrainingArguments, trainRows: number): Promise<MemoryQuestion> {
      const trainableParameters =
        args.method === 'full' ? numbers.parameters : countAdapterParameters(anatomy, await adapterShape(args))
      return { model: numbers, arguments: args, trainableParameters, rows: batchRows(args, trainRows, measured) }
    },
    /** By the latest run of the same model and method, else by the processor; null where neither was measured. */
    seconds(args: TrainingArguments, tokens: number | null): number | null {
      const speed = speedOf(runs, args) ?? (rates && expectedSpeed(numbers, args, supervisedShare, rates))
      return tokens === null || speed === null ? null : tokens / speed
    },
  }
}

const speedOf = (runs: RunEntry[], args: TrainingArguments): number | null =>
  runs.find((run) => methodOf(run.arguments) === methodOf(args))?.tokensPerSecond ?? null

/** Rank and targets: those of the adapter to start from, if there is one. */
async function adapterShape(args: TrainingArguments): Promise<TrainingArguments> {
  if (args.init_adapter === null) return args
  const config = await readJsonIfThere(join(args.init_adapter, 'adapter_config.json'), 'bad_model')
  if (!isRecord(config)) return args
  const { r, target_modules } = config
  return {
    ...args,
    lora_r: typeof r === 'number' ? r : args.lora_r,
    target_modules: Array.isArray(target_modules) ? target_modules.map(String) : 'all-linear',
  }
}

/** Without measured rows every row may be as long as is allowed. */
function batchRows(
  { max_length, packing }: TrainingArguments,
  trainRows: number,
  measured: DatasetStatistics | null,
): BatchRows {
  const longest = Math.min(max_length, measured?.tokens.max ?? max_length)
  const mean = measured ? measured.tokens.total / Math.max(1, measured.rows) : longest
  return {
    longest,
    tokensOf(batchSize) {
      if (packing) return Math.min(batchSize * max_length, trainRows * mean)
      const size = Math.min(batchSize, trainRows)
      // One row of the longest, and others that come the closer to the mean the more of them there are.
      return longest + (size - 1) * (mean + (longest - mean) / Math.sqrt(size))
    },
  }
}
