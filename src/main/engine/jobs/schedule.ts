/** Learning rates by step, as `transformers.get_scheduler` gives them. */
import type { TrainingArguments } from '../../../shared/contract'

export type Schedule = Pick<TrainingArguments, 'lr_scheduler_type' | 'warmup_steps' | 'warmup_ratio' | 'learning_rate'>

/** Warm-up steps: the number given, or else the share of all steps, rounded up. */
export const warmupSteps = ({ warmup_steps, warmup_ratio }: Schedule, steps: number) =>
  warmup_steps > 0 ? warmup_steps : Math.ceil(warmup_ratio * steps)

/** The learning rate of step `step` (from 1) of `steps`; the first step of a warm-up has 0. */
export function learningRate(schedule: Schedule, step: number, steps: number): number {
  return schedule.learning_rate * factor(schedule, step - 1, steps)
}

function factor(schedule: Schedule, done: number, steps: number): number {
  const kind = schedule.lr_scheduler_type
  if (kind === 'constant') return 1
  const warmup = warmupSteps(schedule, steps)
  if (done < warmup) return done / Math.max(1, warmup)
  if (kind === 'constant_with_warmup') return 1
  const left = Math.max(1, steps - warmup)
  if (kind === 'linear') return Math.max(0, (steps - done) / left)
  const progress = (done - warmup) / left
  return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)))
}
