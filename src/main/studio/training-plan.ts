/** What a training request comes to: every argument in force, steps, parameters, tokens and time. */
import {
  ArgumentError,
  type Estimate,
  type GivenArguments,
  resolveArguments,
  type TrainingArguments,
  type TrainingMethod,
  trainingMethods,
} from '../../shared/contract'
import { memoryShortage } from '../../shared/memory-advice'
import { memoryOf } from '../../shared/training-cost'
import { splitRows, totalSteps } from '../engine/data/batches'
import { hasPrompts } from '../engine/data/rows'
import { freeMemoryBytes } from '../engine/system/free-memory'
import type { Library } from '../library'
import { argumentsOn, usableModel } from './model-files'
import { openCost } from './run-cost'

export type TrainRequest = {
  modelId: string
  datasetId: string
  validationDatasetId: string | null
  name: string | null
  arguments: GivenArguments
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
  const resolve = (given: GivenArguments) =>
    resolveArguments(given, training_arguments, {
      contextLength: model.contextLength!,
      hasValidationData: validation !== null,
      hasPrompts: hasPrompts(dataset.mapping),
    })
  const given = argumentsOn(model, request.arguments)
  const resolved = resolve(given)
  const rows = rowCounts(dataset.rows, validation?.rows ?? null, resolved)
  const length = lengthOf(rows.trainRows, resolved)
  const measured = library.datasets.statistics(dataset.id, model.id, resolved.max_length)
  const tokensPerEpoch = measured && Math.round((measured.tokens.total * rows.trainRows) / dataset.rows)
  const tokens = tokensPerEpoch && tokensPerEpoch * (length.steps / length.stepsPerEpoch)
  const cost = await openCost(library, model, measured)
  const figuresOf = async ({ id, arguments: chosen }: TrainingMethod) => {
    const args = resolvedOrNull(() => resolve({ ...given, ...chosen }))
    return (
      args && {
        id,
        memoryBytes: memoryOf(await cost.question(args, rows.trainRows)),
        seconds: cost.seconds(args, tokens),
      }
    )
  }
  const methods = (await Promise.all(trainingMethods.map(figuresOf))).filter((figures) => figures !== null)
  const freeBytes = await freeMemoryBytes()
  const question = await cost.question(resolved, rows.trainRows)
  return {
    arguments: resolved,
    ...rows,
    ...length,
    trainableParameters: question.trainableParameters,
    totalParameters: model.parameters! + (resolved.method === 'full' ? 0 : question.trainableParameters),
    tokensPerEpoch,
    seconds: cost.seconds(resolved, tokens),
    methods,
    memory: { freeBytes, shortage: memoryShortage(question, freeBytes) },
  }
}

function resolvedOrNull(resolve: () => TrainingArguments): TrainingArguments | null {
  try {
    return resolve()
  } catch (error) {
    if (error instanceof ArgumentError) return null
    throw error
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
