/**
 * AdamW (Loshchilov and Hutter 2019) as PyTorch computes it: bias-corrected moments, decay apart from the gradient.
 * A small graph runs over the long arrays in chunks, on all processors and in place: each input that is overwritten is
 * read by one node, which comes before the node that overwrites it.
 */
import { toModel } from '../../graph/compile'
import { input, type Value } from '../../graph/value'
import { add, div, mul, sqrt, square, sub } from '../../ops'
import { openSession } from '../../runtime/session'
import type { Parameters } from '../parameters'
import { groupsOf, type RuleSettings, stateOf, type UpdateRule } from './update-rule'

/** Values handled by one call: 1 MiB an array, so that what a chunk needs stays in the cache. */
const chunk = 1 << 18

export async function openAdamW(parameters: Parameters, settings: RuleSettings): Promise<UpdateRule> {
  const { beta1, beta2, epsilon, weightDecay } = settings
  const { weights, gradients, length } = parameters
  const first = new Float32Array(length)
  const second = new Float32Array(length)
  const session = await openSession(updateGraph(beta1, beta2))
  return {
    state: [...stateOf(parameters, 'exp_avg', first), ...stateOf(parameters, 'exp_avg_sq', second)],
    async update({ number, learningRate, clip }) {
      const correction = Math.sqrt(1 - beta2 ** number)
      const scalars = {
        firstGain: (1 - beta1) * clip,
        secondGain: (1 - beta2) * clip ** 2,
        stepSize: (learningRate * correction) / (1 - beta1 ** number),
        floor: epsilon * correction,
      }
      for (const { from, to, keep } of groupsOf(parameters, weightDecay, learningRate))
        for (let start = from; start < to; start += chunk) {
          const slice = (array: Float32Array) => sliceOf(array, start, Math.min(to, start + chunk))
          const state = { w: slice(weights), m: slice(first), v: slice(second) }
          const feeds = { ...state, g: slice(gradients), ...scalarTensors({ ...scalars, keep }) }
          await session.run(feeds, { newW: state.w, newM: state.m, newV: state.v })
        }
    },
    close: () => session.close(),
  }
}

/**
 * m' = β₁m + (1−β₁)cg, v' = β₂v + (1−β₂)(cg)², w' = keep·w − stepSize · m' / (√v' + floor), c the clipping. The bias
 * correction of v is in stepSize and floor: m / (√v / b + ε) = b · m / (√v + b · ε).
 */
function updateGraph(beta1: number, beta2: number) {
  const array = (name: string): Value => input(name, 'float32', ['K'])
  const scalar = (name: string): Value => input(name, 'float32', [1])
  const g = array('g')
  const newM = add(mul(array('m'), beta1), mul(g, scalar('firstGain')))
  const newV = add(mul(array('v'), beta2), mul(square(g), scalar('secondGain')))
  const change = mul(div(newM, add(sqrt(newV), scalar('floor'))), scalar('stepSize'))
  return toModel('adamw', { newW: sub(mul(array('w'), scalar('keep')), change), newM, newV })
}

const sliceOf = (array: Float32Array, from: number, to: number) => ({
  data: array.subarray(from, to),
  shape: [to - from],
})

const scalarTensors = (values: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { data: Float32Array.of(value), shape: [1] }]),
  )
