/** Arguments that change nothing given the others; the form dims them and says why. */
import type { ArgumentName, TrainingArguments } from '../../../shared/contract'

/** Why the argument has no effect; null when it has. */
export function idleReason(name: ArgumentName, others: TrainingArguments): string | null {
  if (name === 'num_train_epochs' && others.max_steps > 0) return 'max steps is set'
  if (name === 'warmup_ratio' && others.warmup_steps > 0) return 'warm-up steps is set'
  if ((name === 'warmup_steps' || name === 'warmup_ratio') && others.lr_scheduler_type === 'constant')
    return 'not with constant'
  if (name.startsWith('adam_') && others.optim === 'adafactor') return 'not with Adafactor'
  if (name === 'adam_epsilon' && others.optim === 'lion_32bit') return 'not with Lion'
  if (name === 'eval_steps' && others.eval_strategy !== 'steps') return 'evaluate is not steps'
  if (name === 'save_steps' && others.save_strategy !== 'steps') return 'save is not steps'
  return null
}
