/**
 * Learning rates by step, as `transformers.get_scheduler` gives them; `lr_scheduler_kwargs` are each schedule's own.
 * Source: transformers, `optimization.py`; Hägele et al. 2024 for warm-up, stable, decay.
 */
import { z } from 'zod'
import type { TrainingArguments } from '../../../shared/contract'
import { EngineError } from '../protocol'

export type Schedule = Pick<
  TrainingArguments,
  'lr_scheduler_type' | 'lr_scheduler_kwargs' | 'warmup_steps' | 'warmup_ratio' | 'learning_rate'
>
type Kind = Schedule['lr_scheduler_type']

/** The learning rate of an optimizer step, counted from 1. */
export type LearningRate = (step: number) => number

/** What a schedule depends on besides its own settings: steps of the whole run and of warm-up, and the peak rate. */
type Run = { steps: number; warmup: number; peak: number }
/** Factor of the peak rate after `done` steps. */
type Factor = (done: number) => number

/** @throws EngineError `bad_arguments` where `lr_scheduler_kwargs` are not what the schedule takes. */
export function openSchedule(schedule: Schedule, steps: number): LearningRate {
  const { lr_scheduler_type: kind, learning_rate: peak } = schedule
  const { settings, open } = schedules[kind]
  const parsed = settings.safeParse(schedule.lr_scheduler_kwargs)
  if (!parsed.success) throw refused(kind, parsed.error.issues[0]!, schedule.lr_scheduler_kwargs)
  const factor = open({ steps, warmup: warmupSteps(schedule, steps), peak }, parsed.data)
  return (step) => peak * factor(step - 1)
}

/** Warm-up steps: the number given, or else the share of all steps, rounded up. */
const warmupSteps = ({ warmup_steps, warmup_ratio }: Schedule, steps: number) =>
  warmup_steps > 0 ? warmup_steps : Math.ceil(warmup_ratio * steps)

/** From 0 at the first step to 1, then what follows. */
const warmedUp =
  ({ warmup }: Run, after: Factor): Factor =>
  (done) =>
    done < warmup ? done / warmup : after(done)

/** The share that is done of the steps after warm-up. */
const progress = ({ steps, warmup }: Run, done: number) => (done - warmup) / Math.max(1, steps - warmup)
/** 1 at the start, 0 after half a cycle. */
const wave = (cycles: number) => 0.5 * (1 + Math.cos(2 * Math.PI * cycles))

const cycles = z.number().positive()
const share = z.number().min(0).max(1)
const shape = z.enum(['linear', 'cosine', '1-sqrt'])
const wholeSteps = z.number().int().min(0)

type Definition<S extends z.ZodType = z.ZodType> = { settings: S; open: (run: Run, settings: z.infer<S>) => Factor }
const define = <S extends z.ZodType>(settings: S, open: (run: Run, settings: z.infer<S>) => Factor): Definition =>
  ({ settings, open }) as Definition

const schedules: Record<Kind, Definition> = {
  constant: define(z.strictObject({}), () => () => 1),
  constant_with_warmup: define(z.strictObject({}), (run) => warmedUp(run, () => 1)),
  linear: define(z.strictObject({}), (run) => warmedUp(run, (done) => Math.max(0, 1 - progress(run, done)))),
  cosine: define(z.strictObject({ num_cycles: cycles.default(0.5) }), (run, { num_cycles }) =>
    warmedUp(run, (done) => wave(num_cycles * progress(run, done))),
  ),
  cosine_with_restarts: define(z.strictObject({ num_cycles: cycles.default(1) }), (run, { num_cycles }) =>
    warmedUp(run, (done) => {
      const part = progress(run, done)
      return part >= 1 ? 0 : wave(((num_cycles * part) % 1) / 2)
    }),
  ),
  cosine_with_min_lr: define(
    z
      .strictObject({ num_cycles: cycles.default(0.5), min_lr: z.number().min(0), min_lr_rate: share })
      .partial({ min_lr: true, min_lr_rate: true })
      .refine(({ min_lr, min_lr_rate }) => (min_lr === undefined) !== (min_lr_rate === undefined), {
        error: 'give either min_lr or min_lr_rate',
      }),
    (run, { num_cycles, min_lr = 0, min_lr_rate = min_lr / run.peak }) =>
      warmedUp(run, (done) => between(min_lr_rate, wave(num_cycles * progress(run, done)))),
  ),
  polynomial: define(
    z.strictObject({ lr_end: z.number().min(0).default(1e-7), power: z.number().positive().default(1) }),
    (run, { lr_end, power }) => {
      if (lr_end >= run.peak) throw wrong('polynomial', `lr_end (${lr_end}) must be below learning_rate (${run.peak})`)
      return warmedUp(run, (done) => between(lr_end / run.peak, (1 - progress(run, done)) ** power))
    },
  ),
  inverse_sqrt: define(z.strictObject({ timescale: z.number().positive().optional() }), (run, settings) => {
    const timescale = settings.timescale ?? (run.warmup || 10_000)
    return warmedUp(run, (done) => Math.sqrt(timescale / (done + timescale - run.warmup)))
  }),
  warmup_stable_decay: define(
    z.strictObject({
      num_decay_steps: wholeSteps,
      num_stable_steps: wholeSteps.optional(),
      warmup_type: shape.default('linear'),
      decay_type: shape.default('cosine'),
      min_lr_ratio: share.default(0),
      num_cycles: cycles.default(0.5),
    }),
    warmupStableDecay,
  ),
}

/** From `lowest` to 1. */
const between = (lowest: number, factor: number) => lowest + (1 - lowest) * factor

type StableDecay = {
  num_decay_steps: number
  num_stable_steps?: number | undefined
  warmup_type: z.infer<typeof shape>
  decay_type: z.infer<typeof shape>
  min_lr_ratio: number
  num_cycles: number
}

function warmupStableDecay({ steps, warmup }: Run, settings: StableDecay): Factor {
  const { num_decay_steps: decay, min_lr_ratio: lowest, num_cycles } = settings
  const stable = settings.num_stable_steps ?? steps - warmup - decay
  const rise = {
    linear: (p: number) => p,
    cosine: (p: number) => 1 - wave(p / 2),
    '1-sqrt': (p: number) => 1 - Math.sqrt(1 - p),
  }
  const fall = {
    linear: (p: number) => 1 - p,
    cosine: (p: number) => wave(num_cycles * p),
    '1-sqrt': (p: number) => 1 - Math.sqrt(p),
  }
  return (done) => {
    if (done < warmup) return between(lowest, rise[settings.warmup_type](done / warmup))
    if (done < warmup + stable) return 1
    if (done >= warmup + stable + decay) return lowest
    return between(lowest, fall[settings.decay_type]((done - warmup - stable) / decay))
  }
}

const settingsOf: Record<Kind, string> = {
  constant: 'no settings',
  constant_with_warmup: 'no settings',
  linear: 'no settings',
  cosine: 'num_cycles',
  cosine_with_restarts: 'num_cycles',
  cosine_with_min_lr: 'min_lr or min_lr_rate, and num_cycles',
  polynomial: 'lr_end, power',
  inverse_sqrt: 'timescale',
  warmup_stable_decay:
    'num_decay_steps (needed), num_stable_steps, min_lr_ratio, num_cycles, warmup_type and decay_type (linear, cosine or 1-sqrt)',
}

function refused(kind: Kind, issue: z.core.$ZodIssue, given: Schedule['lr_scheduler_kwargs']): EngineError {
  if (issue.code === 'unrecognized_keys') return wrong(kind, `${issue.keys.join(', ')} is not a setting of it`)
  const key = issue.path.join('.')
  if (key === '') return wrong(kind, issue.message)
  return wrong(kind, key in given ? `${key}: ${issue.message}` : `${key} is missing`)
}

const wrong = (kind: Kind, what: string) =>
  new EngineError('bad_arguments', `lr_scheduler_kwargs of ${kind}: ${what}. It takes ${settingsOf[kind]}.`)
