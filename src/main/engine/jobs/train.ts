/**
 * Fine-tuning: an async generator of events that knows no window and no wire. Arithmetic and arguments are the
 * Hugging Face Trainer's.
 */
import {
  ArgumentError,
  defaultGenerationSettings,
  resolveArguments,
  type TrainingArguments,
  type UnstampedTrainEvent,
} from '../../../shared/contract'
import { optimizerSteps, splitRows, totalSteps } from '../data/batches'
import { type Example, readExamples } from '../data/examples'
import { seededRandom } from '../data/random'
import { hasPrompts } from '../data/rows'
import { makeWritableFolder } from '../files/whole'
import { EngineError, type TrainSpec } from '../protocol'
import { readAdapter } from '../weights/peft'
import { type Optimizer, openOptimizer } from './adamw'
import { fillFromAdapter, readState, restoreParameters } from './checkpoint-folder'
import type { Control } from './control'
import { completion, write } from './generate'
import { openGenerator } from './generator'
import { Journal } from './journal'
import { type OpenModel, openModel, readWeights } from './open-model'
import { tensorsOf } from './parameters'
import { learningRate } from './schedule'
import { adapted, fullyTrainable, initializeAdapters, type Trainable } from './trainable'
import { openTrainingGraphs, type TrainingGraphs } from './training-step'

/** Everything a run holds while it goes. */
type Session = {
  spec: TrainSpec
  control: Control
  open: OpenModel
  args: TrainingArguments
  trainable: Trainable
  graphs: TrainingGraphs
  optimizer: Optimizer
  data: Data
  journal: Journal
}
type Data = {
  examples: readonly Example[]
  train: readonly number[]
  validation: readonly Example[]
  steps: number
  stepsPerEpoch: number
}

/** @throws EngineError with a sentence for the person; what was saved before stays. */
export async function* train(spec: TrainSpec, control: Control): AsyncGenerator<UnstampedTrainEvent> {
  const session = await begin(spec, control)
  try {
    yield started(session)
    yield* steps(session)
    yield session.journal.done(control.stopping)
  } finally {
    await session.graphs.close()
    await session.optimizer.close()
  }
}

async function begin(spec: TrainSpec, control: Control): Promise<Session> {
  const state = spec.resumeFrom ? await readState(spec.resumeFrom) : null
  const open = await openModel(spec.model.folder, spec.cacheDir)
  const args = argumentsInForce(spec, open)
  const data = await readData(spec, open, args)
  const trainable = await trainableOf(open, args)
  await makeWritableFolder(spec.outputDir) // before the work, not at its first checkpoint
  const graphs = await openTrainingGraphs(open, trainable, args)
  const optimizer = await openOptimizer(graphs.parameters, {
    beta1: args.adam_beta1,
    beta2: args.adam_beta2,
    epsilon: args.adam_epsilon,
    weightDecay: args.weight_decay,
    maxGradNorm: args.max_grad_norm,
  })
  await firstWeights(spec, open, args, trainable, graphs)
  const journal = await Journal.open({ spec, open, args, trainable, graphs, steps: data.steps, state })
  return { spec, control, open, args, trainable, graphs, optimizer, data, journal }
}

function argumentsInForce(spec: TrainSpec, open: OpenModel): TrainingArguments {
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

async function readData(spec: TrainSpec, { tokenizer }: OpenModel, args: TrainingArguments): Promise<Data> {
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
  spec: TrainSpec,
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

function started({ spec, open, args, trainable, graphs, data, journal }: Session): UnstampedTrainEvent {
  const extra = trainable.layers.length > 0 ? graphs.parameters.length : 0
  return {
    type: 'start',
    run: spec.run,
    outputDir: spec.outputDir,
    trainableParameters: graphs.parameters.length,
    totalParameters: open.totalParameters + extra,
    steps: data.steps,
    resumedFrom: journal.step,
    trainRows: data.train.length,
    validationRows: data.validation.length,
    device: 'cpu',
    arguments: args,
  }
}

async function* steps(session: Session): AsyncGenerator<UnstampedTrainEvent> {
  const { args, control, data, journal } = session
  const plan = optimizerSteps({
    rows: data.train,
    batchSize: args.per_device_train_batch_size,
    accumulation: args.gradient_accumulation_steps,
    epochs: args.num_train_epochs,
    maxSteps: args.max_steps,
    seed: args.seed,
    shuffle: args.shuffle,
    startAfter: journal.step,
  })
  for (const { step, epoch, microBatches } of plan) {
    await control.breathe()
    yield* pauses(session)
    if (control.stopping) break
    await oneStep(session, step, epoch, microBatches)
    yield* due(session, step)
    if (journal.exhausted) break
  }
  yield* journal.last()
}

async function* pauses({ control, journal }: Session): AsyncGenerator<UnstampedTrainEvent> {
  if (!control.pausing) return
  yield { type: 'paused', step: journal.step }
  yield* journal.save()
  await control.resumed()
  if (!control.stopping) yield { type: 'continued', step: journal.step }
}

async function oneStep(
  { graphs, optimizer, args, data, journal }: Session,
  step: number,
  epoch: number,
  microBatches: number[][],
) {
  const began = performance.now()
  const batches = microBatches.map((rows) => rows.map((row) => data.examples[row]!))
  const result = await graphs.gradientsOf(batches, seededRandom(args.seed, 4, step).uint32())
  const loss = result.supervised > 0 ? result.lossSum / result.supervised : 0
  const gradNorm = await optimizer.gradientNorm()
  if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) throw notFinite(step, loss, args)
  const rate = learningRate(args, step, data.steps)
  await optimizer.update(step, rate, gradNorm)
  journal.add({
    step,
    epoch,
    loss,
    gradNorm,
    learningRate: rate,
    realTokens: result.realTokens,
    milliseconds: performance.now() - began,
  })
}

function notFinite(step: number, loss: number, args: TrainingArguments): EngineError {
  const what = Number.isFinite(loss) ? 'The gradient' : 'The loss'
  const clipping = args.max_grad_norm > 0 ? '' : ', set max_grad_norm to 1'
  return new EngineError(
    'not_finite',
    `${what} is not a finite number any more at step ${step}: try a lower learning rate than ${args.learning_rate}${clipping}, or more warm-up. Checkpoints saved before are kept.`,
  )
}

/** Whether something that happens by steps or by epochs happens after this step. */
const isDue = (strategy: 'no' | 'steps' | 'epoch', every: number, step: number, stepsPerEpoch: number) =>
  strategy === 'steps' ? step % every === 0 : strategy === 'epoch' && step % stepsPerEpoch === 0

async function* due(session: Session, step: number): AsyncGenerator<UnstampedTrainEvent> {
  const { args, data, journal } = session
  if (step % args.logging_steps === 0) yield* journal.log()
  if (isDue(args.eval_strategy, args.eval_steps ?? args.logging_steps, step, data.stepsPerEpoch)) {
    yield* journal.evaluated(await evaluationLoss(session))
    yield* samples(session)
  }
  if (isDue(args.save_strategy, args.save_steps, step, data.stepsPerEpoch)) yield* journal.save()
}

async function evaluationLoss({ graphs, data, args, control }: Session): Promise<number> {
  let sum = 0
  let tokens = 0
  const size = args.per_device_eval_batch_size
  for (let row = 0; row < data.validation.length; row += size) {
    await control.breathe()
    const { lossSum, supervised } = await graphs.lossOf(data.validation.slice(row, row + size))
    sum += lossSum
    tokens += supervised
  }
  return tokens > 0 ? sum / tokens : 0
}

const sampleSettings = { ...defaultGenerationSettings, max_new_tokens: 48, do_sample: false, seed: 0 }

async function* samples({
  spec,
  open,
  trainable,
  graphs,
  control,
  journal,
}: Session): AsyncGenerator<UnstampedTrainEvent> {
  const prompts = (spec.samplePrompts.length > 0 ? spec.samplePrompts : open.recommendations.sample_prompts).slice(0, 3)
  if (prompts.length === 0) return
  const generator = await openGenerator(open, trainable.view, tensorsOf(graphs.parameters, graphs.parameters.weights), {
    prepack: false,
  })
  try {
    for (const prompt of prompts) {
      const { text } = await completion(write(open, generator, { text: prompt }, sampleSettings, control.signal))
      yield { type: 'sample', step: journal.step, prompt, text }
    }
  } finally {
    await generator.close()
  }
}
