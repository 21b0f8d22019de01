/** Root-mean-square norms with the weight that a checkpoint holds for them. */
import type { Value } from '../graph/value'
import { add, rmsNorm } from '../ops'
import type { Weights } from './weights'

/** x over its last dimension, times the tensor `<name>.weight`. */
export const normed = (weights: Weights, name: string, x: Value, epsilon: number): Value =>
  rmsNorm(x, weightOf(weights, name, x), epsilon)

/** The same times 1 + w, as the Gemma models have it. */
export const normedAroundOne = (weights: Weights, name: string, x: Value, epsilon: number): Value =>
  rmsNorm(x, add(weightOf(weights, name, x), 1), epsilon)

const weightOf = (weights: Weights, name: string, x: Value) =>
  weights.tensor(`${name}.weight`, [Number(x.shape.at(-1))])
