/**
 * Lion (Chen et al. 2023): a step of the same length for every value, in the direction of an interpolated momentum. One
 * moment, and one pass over memory, so a plain loop.
 */
import type { Parameters } from '../parameters'
import { groupsOf, type RuleSettings, stateOf, type UpdateRule } from './update-rule'

export function openLion(parameters: Parameters, { beta1, beta2, weightDecay }: RuleSettings): UpdateRule {
  const { weights, gradients, length } = parameters
  const moment = new Float32Array(length)
  return {
    state: stateOf(parameters, 'exp_avg', moment),
    async update({ learningRate, clip }) {
      for (const { from, to, keep } of groupsOf(parameters, weightDecay, learningRate))
        for (let i = from; i < to; i++) {
          const g = gradients[i]! * clip
          const m = moment[i]!
          const direction = Math.sign(beta1 * m + (1 - beta1) * g)
          weights[i] = weights[i]! * keep - learningRate * direction
          moment[i] = beta2 * m + (1 - beta2) * g
        }
    },
    close: async () => undefined,
  }
}
