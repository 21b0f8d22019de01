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
import { readJsonIfThere } from '../engine/files/json'
import { modelOf } from '../engine/models'
import { anatomyOf, numbersOf } from '../engine/models/anatomy'
import { readAdapter } from '../engine/weights/peft'
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

/** What decides how much is trained: that of the adapter to start from, if there is one. The engine says what is wrong with it. */
async function adapterShape(args: TrainingArguments): Promise<TrainingArguments> {
  const adapter = args.init_adapter === null ? null : await readAdapter(args.init_adapter).catch(() => null)
  if (!adapter) return args
  const { config, modules } = adapter
  return {
    ...args,
    lora_r: config.r,
    rank_pattern: { ...config.rankPattern },
    use_dora: config.dora,
    target_modules: modules.map(({ path }) => path),
    modules_to_save: [...config.modulesToSave],
    bias: config.bias,
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
