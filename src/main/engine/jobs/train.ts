/**
 * Fine-tuning: an async generator of events that knows no window and no wire. Arithmetic and arguments are the
 * Hugging Face Trainer's.
 */
import { defaultGenerationSettings, type TrainingArguments, type UnstampedTrainEvent } from '../../../shared/contract'
import { seededRandom } from '../data/random'
import { makeWritableFolder } from '../files/whole'
import { EngineError, type TrainSpec } from '../protocol'
import { readState } from './checkpoint-folder'
import type { Control } from './control'
import { completion, write } from './generate'
import { openGenerator } from './generator'
import { Journal } from './journal'
import { assureMemory } from './memory-check'
import { tensorsOf } from './parameters'
import { type Machinery, openMachinery, planRun, type RunPlan, stepsOf } from './run-plan'
import { addedParameters } from './trainable'

/** Everything a run holds while it goes. */
type Session = RunPlan & Machinery & { spec: TrainSpec; control: Control; journal: Journal }

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
  const plan = await planRun(spec)
  await assureMemory(plan)
  await makeWritableFolder(spec.outputDir) // before the work, not at its first checkpoint
  const machinery = await openMachinery(spec, plan)
  const { open, args, trainable, data } = plan
  const { graphs, optimizer } = machinery
  const journal = await Journal.open({ spec, open, args, trainable, graphs, optimizer, steps: data.steps, state })
  return { spec, control, ...plan, ...machinery, journal }
}

function started({ spec, open, args, trainable, graphs, data, journal }: Session): UnstampedTrainEvent {
  return {
    type: 'start',
    run: spec.run,
    outputDir: spec.outputDir,
    trainableParameters: graphs.parameters.length,
    totalParameters: open.totalParameters + addedParameters(trainable),
    steps: data.steps,
    resumedFrom: journal.step,
    trainRows: data.train.length,
    validationRows: data.validation.length,
    device: 'cpu',
    arguments: args,
  }
}

async function* steps(session: Session): AsyncGenerator<UnstampedTrainEvent> {
  const { control, journal } = session
  for (const { step, epoch, microBatches } of stepsOf(session, journal.step)) {
    await control.breathe()
    yield* pauses(session)
    if (control.stopping) break
    await oneStep(session, step, epoch, microBatches)
    yield* due(session, step)
    if (journal.exhausted) break
  }
  yield* journal.save()
}

async function* pauses({ control, journal }: Session): AsyncGenerator<UnstampedTrainEvent> {
  if (!control.pausing) return
  yield { type: 'paused', step: journal.step }
  yield* journal.save()
  await control.resumed()
  if (!control.stopping) yield { type: 'continued', step: journal.step }
}

async function oneStep(
  { graphs, optimizer, args, data, learningRate, journal }: Session,
  step: number,
  epoch: number,
  microBatches: number[][],
) {
  const began = performance.now()
  const batches = microBatches.map((rows) => rows.map((row) => data.examples[row]!))
  const result = await graphs.gradientsOf(batches, seededRandom(args.seed, 4, step).uint32())
  const loss = result.supervised > 0 ? result.lossSum / result.supervised : 0
  const gradNorm = optimizer.gradientNorm()
  if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) throw notFinite(step, loss, args)
  const rate = learningRate(step)
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

/** As the Trainer does it, a run's end is evaluated whatever the interval, but an interval of the log must be whole. */
async function* due(session: Session, step: number): AsyncGenerator<UnstampedTrainEvent> {
  const { args, data, journal } = session
  if (step % args.logging_steps === 0) yield* journal.log()
  const atEnd = args.eval_strategy !== 'no' && step === data.steps
  if (atEnd || isDue(args.eval_strategy, args.eval_steps ?? args.logging_steps, step, data.stepsPerEpoch)) {
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
