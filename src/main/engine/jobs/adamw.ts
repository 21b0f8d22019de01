/**
 * AdamW (Loshchilov and Hutter 2019) as PyTorch computes it: bias-corrected moments, decay apart from the gradient.
 * Runs over the long arrays in chunks, in place: each input is read by one node, which comes before the node that
 * overwrites it.
 */
import { toModel } from '../graph/compile'
import { input } from '../graph/value'
import { add, div, mul, sqrt, square, sub, sum } from '../ops'
import { openSession, type Session } from '../runtime/session'
import type { Parameters } from './parameters'

export type AdamSettings = { beta1: number; beta2: number; epsilon: number; weightDecay: number; maxGradNorm: number }

export type Optimizer = {
  /** The gradients' global norm, before clipping. */
  gradientNorm(): Promise<number>
  /** One step, the `step`th from 1. */
  update(step: number, learningRate: number, gradientNorm: number): Promise<void>
  close(): Promise<void>
}

/** Values handled by one call: 4 MiB an array, so that what a chunk needs stays in the cache. */
const chunk = 1 << 20

export async function openOptimizer(parameters: Parameters, settings: AdamSettings): Promise<Optimizer> {
  const norm = await openSession(toModel('gradient-norm', { sum: sum(square(input('g', 'float32', ['K']))) }))
  const adam = await openAdam(settings)
  const slice = (array: Float32Array, from: number, to: number) => ({
    data: array.subarray(from, to),
    shape: [to - from],
  })
  return {
    async gradientNorm() {
      let squares = 0
      for (const [from, to] of chunks(0, parameters.length))
        squares += Number((await norm.run({ g: slice(parameters.gradients, from, to) })).sum!.data[0])
      return Math.sqrt(squares)
    },
    async update(step, learningRate, gradientNorm) {
      const clip = settings.maxGradNorm > 0 ? Math.min(1, settings.maxGradNorm / (gradientNorm + 1e-6)) : 1
      const scalars = {
        clip,
        stepSize: learningRate / (1 - settings.beta1 ** step),
        correction: Math.sqrt(1 - settings.beta2 ** step),
      }
      const apply = async (from: number, to: number, keep: number) => {
        const { weights: w, gradients: g, firstMoments: m, secondMoments: v } = parameters
        const state = { w: slice(w, from, to), m: slice(m, from, to), v: slice(v, from, to) }
        await adam.run(
          { ...state, g: slice(g, from, to), ...scalarTensors({ ...scalars, keep }) },
          { newW: state.w, newM: state.m, newV: state.v },
        )
      }
      for (const [from, to] of chunks(0, parameters.decaying))
        await apply(from, to, 1 - learningRate * settings.weightDecay)
      for (const [from, to] of chunks(parameters.decaying, parameters.length)) await apply(from, to, 1)
    },
    async close() {
      await Promise.all([norm.close(), adam.close()])
    },
  }
}

/** m' = β₁m + (1−β₁)g, v' = β₂v + (1−β₂)g², w' = keep·w − stepSize · m' / (√v' / correction + ε), with g clipped. */
function openAdam({ beta1, beta2, epsilon }: AdamSettings): Promise<Session> {
  const [w, m, v, given] = ['w', 'm', 'v', 'g'].map((name) => input(name, 'float32', ['K'])) as [
    Value,
    Value,
    Value,
    Value,
  ]
  const [clip, stepSize, correction, keep] = ['clip', 'stepSize', 'correction', 'keep'].map((name) =>
    input(name, 'float32', [1]),
  ) as [Value, Value, Value, Value]
  const g = mul(given, clip)
  const newM = add(mul(m, beta1), mul(g, 1 - beta1))
  const newV = add(mul(v, beta2), mul(square(g), 1 - beta2))
  const change = mul(div(newM, add(div(sqrt(newV), correction), epsilon)), stepSize)
  return openSession(toModel('adamw', { newW: sub(mul(w, keep), change), newM, newV }))
}
type Value = ReturnType<typeof input>

const scalarTensors = (values: Record<string, number>) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { data: Float32Array.of(value), shape: [1] }]),
  )

function* chunks(from: number, to: number): Generator<[number, number]> {
  for (let start = from; start < to; start += chunk) yield [start, Math.min(to, start + chunk)]
}
