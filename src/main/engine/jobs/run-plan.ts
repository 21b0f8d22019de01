/**
 * What a run is made of before its first step: the model, every argument in force, the rows, what is trained, and the
 * machinery that trains it. A trial step needs the same as a whole run.
 */
import { ArgumentError, resolveArguments, type TrainingArguments } from '../../../shared/contract'
import { type OptimizerStep, optimizerSteps, splitRows, totalSteps } from '../data/batches'
import { type Example, readExamples } from '../data/examples'
import { packRows } from '../data/packing'
import { hasPrompts } from '../data/rows'
import { EngineError, type TrainSpec } from '../protocol'
import { chooseAdapter } from './adapter-choice'
import { type BaseQuantization, storedForm } from './base-weights'
import { fillFromAdapter, restoreCheckpoint } from './checkpoint-folder'
import { initialize } from './first-weights'
import { type OpenModel, type ReadModel, readModel, withWeights } from './open-model'
import { type Optimizer, openOptimizer } from './optimizers'
import { type LearningRate, openSchedule } from './schedule'
import { adapted, fullyTrainable, type Trainable } from './trainable'
import { openTrainingGraphs, type TrainingGraphs } from './training-step'

/** What decides all of it. */
export type RunSource = Pick<TrainSpec, 'model' | 'train' | 'validation' | 'cacheDir' | 'arguments' | 'resumeFrom'>
export type RunPlan = {
  open: OpenModel
  args: TrainingArguments
  data: RunData
  learningRate: LearningRate
  trainable: Trainable
}
export type Machinery = { graphs: TrainingGraphs; optimizer: Optimizer }
export type RunData = {
  examples: readonly Example[]
  train: readonly number[]
  /** The training rows as batches count them: each alone, or packed. */
  sequences: readonly (readonly number[])[]
  validation: readonly Example[]
  steps: number
  stepsPerEpoch: number
}

/** Opens and reads what the run works on; writes nothing. @throws EngineError `bad_model`, `bad_arguments`, `bad_data`. */
export async function planRun(spec: RunSource): Promise<RunPlan> {
  const read = await readModel(spec.model.folder)
  const args = argumentsInForce(spec, read)
  const form = baseForm(args, read)
  args.base_quantization = form.type
  args.bnb_4bit_use_double_quant = form.double
  const open = await withWeights(read, spec.cacheDir, form)
  const data = await readData(spec, open, args)
  const learningRate = openSchedule(args, data.steps)
  return { open, args, data, learningRate, trainable: await trainableOf(open, args) }
}

/** How the frozen weights are held: as asked, but in 4 bits as the checkpoint has them where it has. */
function baseForm(args: TrainingArguments, { checkpoint }: ReadModel): BaseQuantization {
  const asked = { type: args.base_quantization, double: args.bnb_4bit_use_double_quant }
  return args.method === 'full' || asked.type === 'int8' ? asked : (storedForm(checkpoint) ?? asked)
}

/** The run's steps after `startAfter`; each micro-batch is a list of rows. */
export function* stepsOf({ args, data }: RunPlan, startAfter = 0): Generator<OptimizerStep<number>> {
  const { seed, shuffle } = args
  for (const step of optimizerSteps({ ...batching(args), seed, shuffle, rows: data.sequences, startAfter }))
    yield { ...step, microBatches: step.microBatches.map((sequences) => sequences.flat()) }
}

const batching = (args: TrainingArguments) => ({
  batchSize: args.per_device_train_batch_size,
  accumulation: args.gradient_accumulation_steps,
  epochs: args.num_train_epochs,
  maxSteps: args.max_steps,
})

/** Compiles the graphs and fills in the weights that the first step starts from. */
export async function openMachinery(spec: RunSource, { open, args, trainable }: RunPlan): Promise<Machinery> {
  const graphs = await openTrainingGraphs(open, trainable, args)
  const optimizer = await openOptimizer(graphs.parameters, args)
  await firstWeights(spec, { open, args, trainable }, { graphs, optimizer })
  return { graphs, optimizer }
}

function argumentsInForce(spec: RunSource, { model, recommendations }: ReadModel): TrainingArguments {
  try {
    return resolveArguments(spec.arguments, recommendations.training_arguments, {
      contextLength: model.shape.contextLength,
      hasValidationData: spec.validation !== null,
      hasPrompts: hasPrompts(spec.train.mapping),
    })
  } catch (error) {
    if (error instanceof ArgumentError) throw new EngineError('bad_arguments', error.message)
    throw error
  }
}

async function readData(spec: RunSource, { tokenizer }: OpenModel, args: TrainingArguments): Promise<RunData> {
  const options = { maxLength: args.max_length, completionOnlyLoss: args.completion_only_loss }
  const examples = await readExamples(spec.train, tokenizer, options)
  const { train, validation } = splitRows(examples.length, args.validation_split, args)
  if (!train.some((row) => examples[row]!.supervised > 0))
    throw new EngineError(
      'bad_data',
      'No row has a token to learn: every completion is empty, or is cut off by max_length. Raise max_length, or turn completion_only_loss off.',
    )
  const sequences = args.packing ? packed(train, examples, args.max_length) : train.map((row) => [row])
  return {
    examples,
    train,
    sequences,
    validation: spec.validation
      ? await readExamples(spec.validation, tokenizer, options)
      : validation.map((row) => examples[row]!),
    ...totalSteps({ ...batching(args), rows: sequences.length }),
  }
}

/** The training rows in sequences of at most `maxLength` tokens. */
const packed = (train: readonly number[], examples: readonly Example[], maxLength: number): number[][] =>
  packRows(
    train.map((row) => examples[row]!.ids.length),
    maxLength,
  ).map((sequence) => sequence.map((place) => train[place]!))

async function trainableOf(open: OpenModel, args: TrainingArguments): Promise<Trainable> {
  if (args.method === 'full') return fullyTrainable(open, args.freeze ?? [])
  const { config, paths } = await chooseAdapter(open, args)
  return adapted(open, config, paths)
}

async function firstWeights(
  spec: RunSource,
  { open, args, trainable }: Pick<RunPlan, 'open' | 'args' | 'trainable'>,
  { graphs: { parameters }, optimizer }: Machinery,
) {
  if (spec.resumeFrom)
    return restoreCheckpoint(spec.resumeFrom, { parameters, optimizer, adapter: trainable.adapter !== null })
  if (trainable.adapter && args.init_adapter) return fillFromAdapter(args.init_adapter, parameters)
  await initialize(open, trainable, parameters, args.seed)
}
