/**
 * What a run is made of before its first step: the model, every argument in force, the rows, what is trained, and the
 * machinery that trains it. A trial step needs the same as a whole run.
 */
import { ArgumentError, resolveArguments, type TrainingArguments } from '../../../shared/contract'
import { splitRows, totalSteps } from '../data/batches'
import { type Example, readExamples } from '../data/examples'
import { hasPrompts } from '../data/rows'
import { EngineError, type TrainSpec } from '../protocol'
import { readAdapter } from '../weights/peft'
import { type Optimizer, openOptimizer } from './adamw'
import { fillFromAdapter, restoreParameters } from './checkpoint-folder'
import { type OpenModel, openModel, readWeights } from './open-model'
import { type LearningRate, openSchedule } from './schedule'
import { adapted, fullyTrainable, initializeAdapters, type Trainable } from './trainable'
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
  validation: readonly Example[]
  steps: number
  stepsPerEpoch: number
}

/** Opens and reads what the run works on; writes nothing. @throws EngineError `bad_model`, `bad_arguments`, `bad_data`. */
export async function planRun(spec: RunSource): Promise<RunPlan> {
  const open = await openModel(spec.model.folder, spec.cacheDir)
  const args = argumentsInForce(spec, open)
  const data = await readData(spec, open, args)
  const learningRate = openSchedule(args, data.steps)
  return { open, args, data, learningRate, trainable: await trainableOf(open, args) }
}

/** Compiles the graphs and fills in the weights that the first step starts from. */
export async function openMachinery(spec: RunSource, { open, args, trainable }: RunPlan): Promise<Machinery> {
  const graphs = await openTrainingGraphs(open, trainable, args)
  const optimizer = await openOptimizer(graphs.parameters, {
    beta1: args.adam_beta1,
    beta2: args.adam_beta2,
    epsilon: args.adam_epsilon,
    weightDecay: args.weight_decay,
    maxGradNorm: args.max_grad_norm,
  })
  await firstWeights(spec, open, args, trainable, graphs)
  return { graphs, optimizer }
}

function argumentsInForce(spec: RunSource, open: OpenModel): TrainingArguments {
  try {
    return resolveArguments(spec.arguments, open.recommendations.training_arguments, {
      contextLength: open.model.shape.contextLength,
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
  const plan = {
    rows: train.length,
    batchSize: args.per_device_train_batch_size,
    accumulation: args.gradient_accumulation_steps,
    epochs: args.num_train_epochs,
    maxSteps: args.max_steps,
  }
  return {
    examples,
    train,
    validation: spec.validation
      ? await readExamples(spec.validation, tokenizer, options)
      : validation.map((row) => examples[row]!),
    ...totalSteps(plan),
  }
}

/** What is trained. An adapter to start from sets r, alpha and targets, whatever else was asked for. */
async function trainableOf(open: OpenModel, args: TrainingArguments): Promise<Trainable> {
  if (args.method === 'full') return fullyTrainable(open)
  let targets: 'all-linear' | readonly string[] = args.target_modules
  if (args.init_adapter) {
    const { config, modules } = await readAdapter(args.init_adapter)
    targets = modules.map(({ path }) => path)
    args.lora_r = config.r
    args.lora_alpha = config.alpha
    args.target_modules = typeof config.targetModules === 'string' ? [...targets] : [...config.targetModules]
  }
  return adapted(open, { r: args.lora_r, alpha: args.lora_alpha, dropout: args.lora_dropout, targets })
}

async function firstWeights(
  spec: RunSource,
  open: OpenModel,
  args: TrainingArguments,
  trainable: Trainable,
  graphs: TrainingGraphs,
) {
  const { parameters } = graphs
  const lora = args.method !== 'full'
  if (spec.resumeFrom) return restoreParameters(spec.resumeFrom, parameters, lora)
  if (!lora) return readWeights(open, parameters)
  if (args.init_adapter) return fillFromAdapter(args.init_adapter, parameters)
  initializeAdapters(parameters, trainable.layers, args.seed)
}
