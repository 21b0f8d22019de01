/** What a training request comes to: every argument in force, steps, parameters, tokens and time. */
import { join } from 'node:path'
import { type Estimate, type RunEntry, resolveArguments, type TrainingArguments } from '../../shared/contract'
import { splitRows, totalSteps } from '../engine/data/batches'
import { hasPrompts } from '../engine/data/rows'
import { isRecord, readJsonIfThere } from '../engine/files/json'
import { openCheckpoint } from '../engine/weights/checkpoint'
import type { Library } from '../library'
import { countAdapterParameters } from '../library/model-parameters'
import { usableModel } from './model-files'

export type TrainRequest = {
  modelId: string
  datasetId: string
  validationDatasetId: string | null
  name: string | null
  arguments: Partial<TrainingArguments>
}

/**
 * @throws StudioFailure for an unknown or unusable model or data set, ArgumentError for arguments that contradict
 * each other.
 */
export async function planTraining(library: Library, request: TrainRequest): Promise<Estimate> {
  const model = await usableModel(library, request.modelId)
  const dataset = library.datasets.get(request.datasetId)
  const validation = request.validationDatasetId === null ? null : library.datasets.get(request.validationDatasetId)
  const { training_arguments } = await library.models.recommendations(model.id)
  const resolved = resolveArguments(request.arguments, training_arguments, {
    contextLength: model.contextLength!,
    hasValidationData: validation !== null,
    hasPrompts: hasPrompts(dataset.mapping),
  })
  const rows = rowCounts(dataset.rows, validation?.rows ?? null, resolved)
  const length = lengthOf(rows.trainRows, resolved)
  const tokensPerEpoch = measuredTokens(library, request, resolved, rows.trainRows / dataset.rows)
  const epochs = length.steps / length.stepsPerEpoch
  return {
    arguments: resolved,
    ...rows,
    ...length,
    ...(await parameters(model.folder, model.parameters!, resolved)),
    tokensPerEpoch,
    seconds: tokensPerEpoch && secondsFor(tokensPerEpoch * epochs, library.runs.list(), model.id, resolved),
  }
}

function rowCounts(rows: number, validationRows: number | null, { validation_split }: TrainingArguments) {
  if (validationRows !== null) return { trainRows: rows, validationRows }
  const { train, validation } = splitRows(rows, validation_split, { seed: 0, shuffle: false })
  return { trainRows: train.length, validationRows: validation.length }
}

const lengthOf = (rows: number, given: TrainingArguments) =>
  totalSteps({
    rows,
    batchSize: given.per_device_train_batch_size,
    accumulation: given.gradient_accumulation_steps,
    epochs: given.num_train_epochs,
    maxSteps: given.max_steps,
  })

/** As peft counts them: the adapter's parameters are trained, and are part of the total. */
async function parameters(folder: string, total: number, resolved: TrainingArguments) {
  if (resolved.method === 'full') return { trainableParameters: total, totalParameters: total }
  const { tensors } = await openCheckpoint(folder)
  const trainable = countAdapterParameters(tensors.values(), await adapterShape(resolved))
  return { trainableParameters: trainable, totalParameters: total + trainable }
}

/** Rank and targets: those of the adapter to start from, if there is one. */
async function adapterShape(
  resolved: TrainingArguments,
): Promise<Pick<TrainingArguments, 'lora_r' | 'target_modules'>> {
  if (resolved.init_adapter === null) return resolved
  const config = await readJsonIfThere(join(resolved.init_adapter, 'adapter_config.json'), 'bad_model')
  if (!isRecord(config)) return resolved
  const { r, target_modules } = config
  return {
    lora_r: typeof r === 'number' ? r : resolved.lora_r,
    target_modules: Array.isArray(target_modules) ? target_modules.map(String) : 'all-linear',
  }
}

/** Tokens of one epoch, where the data set has been measured with this model at this length. */
function measuredTokens(
  { datasets }: Library,
  { datasetId, modelId }: TrainRequest,
  { max_length }: TrainingArguments,
  share: number,
): number | null {
  const measured = datasets.statistics(datasetId, modelId, max_length)
  return measured && Math.round(measured.tokens.total * share)
}

/** By the speed of the latest run of the same model and method that has one. */
function secondsFor(tokens: number, runs: RunEntry[], modelId: string, { method }: TrainingArguments): number | null {
  const alike = runs.find((run) => run.modelId === modelId && run.arguments.method === method && run.tokensPerSecond)
  return alike ? tokens / alike.tokensPerSecond! : null
}
