/** The ops that models are written in, and the gradient of what they build. */
import { gradientsWith } from '../graph/gradients'
import { constant, type Value } from '../graph/value'
import { add } from './arithmetic'
import { sumTo } from './shape'

export * from './activations'
export * from './arithmetic'
export * from './indexing'
export * from './linear-algebra'
export * from './losses'
export * from './normalization'
export * from './positions'
export * from './quantized'
export * from './random'
export * from './recompute'
export * from './shape'

/** Gradients of a scalar with respect to values that it depends on. */
export const gradients = (loss: Value, wanted: readonly Value[]) =>
  gradientsWith({ one: () => constant(1), add, sumTo }, loss, wanted)
