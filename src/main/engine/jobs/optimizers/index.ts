/** The optimizers by the names that the Trainer gives them, with the gradients' global norm and its clipping. */
import type { TrainingArguments } from '../../../../shared/contract'
import type { Parameters } from '../parameters'
import { openAdafactor } from './adafactor'
import { openAdamW } from './adamw'
import { openAdamW8bit } from './adamw-8bit'
import { openLion } from './lion'
import type { RuleSettings, StateTensor, UpdateRule } from './update-rule'

export type OptimizerSettings = Pick<
  TrainingArguments,
  'optim' | 'adam_beta1' | 'adam_beta2' | 'adam_epsilon' | 'weight_decay' | 'max_grad_norm'
>

export type Optimizer = {
  state: readonly StateTensor[]
  /** The gradients' global norm, before clipping. */
  gradientNorm(): number
  /** One step, the `step`th from 1. */
  update(step: number, learningRate: number, gradientNorm: number): Promise<void>
  close(): Promise<void>
}

const rules: Record<
  OptimizerSettings['optim'],
  (parameters: Parameters, settings: RuleSettings) => UpdateRule | Promise<UpdateRule>
> = { adamw_torch: openAdamW, adamw_8bit: openAdamW8bit, lion_32bit: openLion, adafactor: openAdafactor }

export async function openOptimizer(parameters: Parameters, settings: OptimizerSettings): Promise<Optimizer> {
  const rule = await rules[settings.optim](parameters, {
    beta1: settings.adam_beta1,
    beta2: settings.adam_beta2,
    epsilon: settings.adam_epsilon,
    weightDecay: settings.weight_decay,
  })
  const largest = settings.max_grad_norm
  return {
    state: rule.state,
    gradientNorm: () => normOf(parameters.gradients),
    update(number, learningRate, norm) {
      const clip = largest > 0 ? Math.min(1, largest / (norm + 1e-6)) : 1
      return rule.update({ number, learningRate, clip })
    },
    close: () => rule.close(),
  }
}

/** Four sums side by side, since each addition would else wait for the one before it. */
function normOf(values: Float32Array): number {
  const sums = [0, 0, 0, 0] as [number, number, number, number]
  const whole = values.length - (values.length % 4)
  let [a, b, c, d] = sums
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! ** 2
    b += values[i + 1]! ** 2
    c += values[i + 2]! ** 2
    d += values[i + 3]! ** 2
  }
  for (let i = whole; i < values.length; i++) a += values[i]! ** 2
  return Math.sqrt(a + b + c + d)
}
