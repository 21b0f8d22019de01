/**
 * About how much memory and work a training run takes, from the model's shape and the arguments alone. The parts follow
 * from what the engine keeps (`docs/architecture.md`); the factors were fitted to measured runs, see the test.
 * N tokens of a batch, D width, V vocabulary.
 */
import type { ProcessorRates } from './contract/entries'
import type { TrainingArguments } from './contract/training-arguments'
import { methodOf } from './contract/training-methods'

/** A model's figures; of its linear layers, sums over all of them. */
export type ModelNumbers = {
  parameters: number
  linearParameters: number
  /** Values of the largest linear layer's matrix. */
  largestMatrix: number
  linearInputs: number
  linearOutputs: number
  layers: number
  width: number
  heads: number
  vocabulary: number
}

export type CostArguments = Pick<
  TrainingArguments,
  | 'method'
  | 'base_quantization'
  | 'bnb_4bit_use_double_quant'
  | 'optim'
  | 'gradient_checkpointing'
  | 'per_device_train_batch_size'
>

/** The rows that a batch can be made of. */
export type BatchRows = {
  /** Tokens of the largest batch of so many rows. */
  tokensOf(batchSize: number): number
  /** Tokens of the longest row. */
  longest: number
}

export type MemoryQuestion = {
  model: ModelNumbers
  arguments: CostArguments
  trainableParameters: number
  rows: BatchRows
}

const float = 4

/** The process before it has opened a model: Node, ONNX Runtime, the tokenizer. */
const processBytes = 150e6

/** Most supervised tokens whose logits are there at once, and how many arrays of that size. */
const chunk = { tokens: 256, arrays: 4 }

/** Bytes of a frozen weight, its scales included: int8 with one scale a row, 4 bits with one for 64 (in 8 bits where doubled). */
function bytesPerFrozenWeight({ base_quantization: base, bnb_4bit_use_double_quant: doubled }: CostArguments): number {
  if (base === 'none') return float
  if (base === 'int8') return 1
  return 0.5 + (doubled ? 1 : 4) / 64
}

/** Weight, gradient, and the optimizer's state of each trained value. */
const bytesPerTrainedWeight: Record<TrainingArguments['optim'], number> = {
  adamw_torch: 4 * float,
  adamw_8bit: 2 * float + 2,
  lion_32bit: 3 * float,
  adafactor: 2 * float,
}

/** Peak resident memory of a run, in bytes. */
export function memoryOf({ model, arguments: args, trainableParameters, rows }: MemoryQuestion): number {
  const batchTokens = rows.tokensOf(args.per_device_train_batch_size)
  const full = args.method === 'full'
  const frozen = full
    ? 0
    : bytesPerFrozenWeight(args) * model.linearParameters + float * (model.parameters - model.linearParameters)
  const trained = bytesPerTrainedWeight[args.optim] * trainableParameters
  // The checkpoint's pages as it is read, and the head's gradient as it is summed up.
  const unpacked = args.base_quantization === 'none' ? 0 : 2 * float * model.largestMatrix
  const forFull = full ? float * (model.parameters + 3 * model.vocabulary * model.width) : 0
  return processBytes + frozen + trained + unpacked + forFull + activations(model, args, batchTokens, rows.longest)
}

/** What the forward pass leaves for the way back, and what one layer and one chunk of the head need for a moment. */
function activations(model: ModelNumbers, args: CostArguments, batchTokens: number, longest: number): number {
  const layer = keptBySum * (model.linearInputs + model.linearOutputs)
  const kept = args.gradient_checkpointing ? model.layers * model.width + layer / Math.max(1, model.layers) : layer
  const scores = 3 * model.heads * longest
  const wide = movedByWidth * model.width
  const logits = chunk.arrays * Math.min(chunk.tokens, batchTokens) * model.vocabulary
  return float * (batchTokens * (kept + scores + wide) + logits)
}

/** Of a layer's inputs and outputs together, how many values a token leaves. */
const keptBySum = 1
/** Arrays of a token's width that come and go. */
const movedByWidth = 12

/** Multiplications and additions for one token, as multiples of the linear layers' own. */
export function operationsPerToken(model: ModelNumbers, args: CostArguments, supervisedShare: number): number {
  const passes = 2 + (args.method === 'full' ? 1 : 0) + (args.gradient_checkpointing ? 1 : 0)
  const headPasses = args.method === 'full' ? 3 : 2
  return 2 * (passes * model.linearParameters + headPasses * supervisedShare * model.vocabulary * model.width)
}

/** Share of the products' rate that a whole step reaches; the rest goes to everything that is no product. */
const efficiency = 0.6

/** Tokens a second that may be expected. */
export function expectedSpeed(
  model: ModelNumbers,
  args: CostArguments,
  supervisedShare: number,
  rates: ProcessorRates,
): number {
  const all = operationsPerToken(model, args, supervisedShare)
  const inLinears = all - operationsPerToken({ ...model, linearParameters: 0 }, args, supervisedShare)
  const rate = methodOf(args) === 'int8' ? rates.int8 : rates.float32
  return efficiency / (inLinears / rate + (all - inLinears) / rates.float32)
}
