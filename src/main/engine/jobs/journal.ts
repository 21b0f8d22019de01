/** A run's running totals: what to log, which checkpoint is the best, what the Trainer's state file says. */
import { appendFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { TrainingArguments, UnstampedTrainEvent } from '../../../shared/contract'
import { makeWritableFolder } from '../files/whole'
import type { TrainSpec } from '../protocol'
import { checkpointSteps, type TrainerState, writeCheckpoint } from './checkpoint-folder'
import type { OpenModel } from './open-model'
import type { Optimizer } from './optimizers'
import type { Trainable } from './trainable'
import type { TrainingGraphs } from './training-step'

type Opening = {
  spec: TrainSpec
  open: OpenModel
  args: TrainingArguments
  trainable: Trainable
  graphs: TrainingGraphs
  optimizer: Optimizer
  /** Of the whole run. */
  steps: number
  /** Of the checkpoint that the run goes on from. */
  state: TrainerState | null
}

export type StepRecord = {
  step: number
  epoch: number
  loss: number
  gradNorm: number
  learningRate: number
  realTokens: number
  milliseconds: number
}

type Event<T extends UnstampedTrainEvent['type']> = Extract<UnstampedTrainEvent, { type: T }>

export class Journal {
  private latest: StepRecord | null = null
  private sinceLog: { loss: number; steps: number; tokens: number; milliseconds: number }
  private readonly state: TrainerState
  private savedAt = -1
  private evaluatedAt: { step: number; loss: number } | null = null
  private readonly evaluations = new Map<number, number>()

  private constructor(private readonly opening: Opening) {
    this.state = opening.state ?? freshState(opening)
    const { lossSinceLog, stepsSinceLog } = this.state.camelot
    this.sinceLog = { loss: lossSinceLog, steps: stepsSinceLog, tokens: 0, milliseconds: 0 }
    if (opening.state) this.savedAt = opening.state.global_step
    for (const { step, eval_loss } of this.state.log_history)
      if (typeof eval_loss === 'number') this.evaluations.set(step, eval_loss)
  }

  static async open(opening: Opening): Promise<Journal> {
    if (opening.args.logging_dir) await makeWritableFolder(opening.args.logging_dir)
    return new Journal(opening)
  }

  /** The last step done. */
  get step() {
    return this.state.global_step
  }

  /** Whether early stopping says that it is enough. */
  get exhausted() {
    const patience = this.opening.args.early_stopping_patience
    return patience !== null && this.state.camelot.evaluationsWithoutGain >= patience
  }

  add(record: StepRecord) {
    this.latest = record
    this.sinceLog.loss += record.loss
    this.sinceLog.steps++
    this.sinceLog.tokens += record.realTokens
    this.sinceLog.milliseconds += record.milliseconds
    const { state } = this
    state.global_step = record.step
    state.epoch = record.epoch
    state.camelot.trainLossSum += record.loss
    state.camelot.seconds += record.milliseconds / 1000
    state.camelot.realTokens += record.realTokens
  }

  async *log(): AsyncGenerator<Event<'log'>> {
    const { latest, sinceLog, state } = this
    if (!latest || sinceLog.steps === 0) return
    const loss = sinceLog.loss / sinceLog.steps
    const { step, epoch, gradNorm, learningRate } = latest
    state.log_history.push({ epoch, grad_norm: gradNorm, learning_rate: learningRate, loss, step })
    const secondsPerStep = state.camelot.seconds / step
    const event = {
      type: 'log' as const,
      step,
      epoch,
      loss,
      gradNorm,
      learningRate,
      tokensPerSecond: sinceLog.milliseconds > 0 ? (sinceLog.tokens * 1000) / sinceLog.milliseconds : 0,
      peakMemoryBytes: peakMemoryBytes(),
      etaSeconds: secondsPerStep * (this.opening.steps - step),
    }
    this.sinceLog = { loss: 0, steps: 0, tokens: 0, milliseconds: 0 }
    await this.copy(event)
    yield event
  }

  async *evaluated(loss: number): AsyncGenerator<Event<'eval'>> {
    const { state, step } = this
    this.evaluatedAt = { step, loss }
    this.evaluations.set(step, loss)
    state.log_history.push({ epoch: state.epoch, eval_loss: loss, step })
    const better = state.camelot.bestLoss === null || loss < state.camelot.bestLoss
    if (better) state.camelot.bestLoss = loss
    state.camelot.evaluationsWithoutGain = better ? 0 : state.camelot.evaluationsWithoutGain + 1
    const event = { type: 'eval' as const, step, loss, perplexity: Math.exp(loss) }
    await this.copy(event)
    yield event
  }

  /** Saves a checkpoint of this step, unless there is one. */
  async *save(): AsyncGenerator<Event<'checkpoint'>> {
    const { state, step } = this
    if (this.savedAt === step || step === 0) return
    const { spec, open, graphs, optimizer, args, trainable } = this.opening
    state.camelot.lossSinceLog = this.sinceLog.loss
    state.camelot.stepsSinceLog = this.sinceLog.steps
    this.rememberBest()
    const path = await writeCheckpoint(spec.outputDir, {
      open,
      parameters: graphs.parameters,
      optimizer,
      arguments: args,
      state,
      trainable,
    })
    this.savedAt = step
    await this.prune()
    yield { type: 'checkpoint', step, path }
  }

  done(stopped: boolean): Event<'done'> {
    const { state, step } = this
    const { seconds, realTokens, trainLossSum } = state.camelot
    return {
      type: 'done',
      step,
      trainLoss: step > 0 ? trainLossSum / step : 0,
      seconds,
      tokensPerSecond: seconds > 0 ? realTokens / seconds : 0,
      best: this.best(),
      stopped,
    }
  }

  /** The checkpoint that is the run's model: the last, or with load_best_model_at_end the one of the lowest loss. */
  private best() {
    const step = (this.opening.args.load_best_model_at_end && this.state.best_global_step) || this.step
    return { step, path: this.pathOf(step), evalLoss: this.evaluations.get(step) ?? null }
  }

  private pathOf = (step: number) => join(this.opening.spec.outputDir, `checkpoint-${step}`)

  /** The best of the saved checkpoints, as the Trainer keeps it in its state. */
  private rememberBest() {
    const { state, evaluatedAt, step } = this
    if (evaluatedAt?.step !== step) return
    if (state.best_metric !== null && evaluatedAt.loss >= state.best_metric) return
    state.best_metric = evaluatedAt.loss
    state.best_global_step = step
    state.best_model_checkpoint = this.pathOf(step)
  }

  /** Deletes the oldest checkpoints beyond the limit, but neither the best nor the last. */
  private async prune() {
    const limit = this.opening.args.save_total_limit
    if (limit === null) return
    const kept = new Set([this.step, this.opening.args.load_best_model_at_end ? this.state.best_global_step : null])
    const steps = await checkpointSteps(this.opening.spec.outputDir)
    const removable = steps.filter((step) => !kept.has(step))
    for (const step of removable.slice(0, Math.max(0, steps.length - limit)))
      await rm(this.pathOf(step), { recursive: true, force: true })
  }

  private async copy(event: object) {
    const folder = this.opening.args.logging_dir
    if (folder) await appendFile(join(folder, `${basename(this.opening.spec.run)}.jsonl`), `${JSON.stringify(event)}\n`)
  }
}

/** The most memory that this process ever held, as the system counts it. */
export const peakMemoryBytes = () => process.resourceUsage().maxRSS * 1024

function freshState({ args, steps }: Opening): TrainerState {
  return {
    global_step: 0,
    epoch: 0,
    max_steps: steps,
    num_train_epochs: Math.ceil(args.num_train_epochs),
    train_batch_size: args.per_device_train_batch_size,
    logging_steps: args.logging_steps,
    eval_steps: args.eval_steps,
    save_steps: args.save_steps,
    best_metric: null,
    best_global_step: null,
    best_model_checkpoint: null,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: [],
    camelot: {
      lossSinceLog: 0,
      stepsSinceLog: 0,
      trainLossSum: 0,
      seconds: 0,
      realTokens: 0,
      evaluationsWithoutGain: 0,
      bestLoss: null,
    },
  }
}
