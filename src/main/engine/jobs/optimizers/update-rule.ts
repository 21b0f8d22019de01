/** What optimizers have in common: an update rule over the long arrays of parameters, and the state that it keeps. */
import type { Parameters } from '../parameters'

/** A tensor that an optimizer keeps between two steps; its array is read and restored in place. */
export type StateTensor = { name: string; shape: readonly number[] } & (
  | { dtype: 'F32'; data: Float32Array }
  | { dtype: 'U8'; data: Uint8Array }
)

/** The `number`th step, from 1. Gradients count times `clip`. */
export type Step = { number: number; learningRate: number; clip: number }

export type UpdateRule = {
  /** Everything that a checkpoint has to keep for the next step to come out the same; nothing but what the rule needs. */
  state: readonly StateTensor[]
  /** Changes weights and state in place. */
  update(step: Step): Promise<void>
  close(): Promise<void>
}

/** What the arguments say about the update. */
export type RuleSettings = { beta1: number; beta2: number; epsilon: number; weightDecay: number }

/** The values that decay and those that do not, with the factor that a step of this rate leaves of the weights. */
export function groupsOf({ decaying, length }: Parameters, weightDecay: number, learningRate: number) {
  return [
    { from: 0, to: decaying, keep: 1 - learningRate * weightDecay },
    { from: decaying, to: length, keep: 1 },
  ]
}

/** A long array as the state tensors `kind/<parameter>`. */
export const stateOf = ({ stretches }: Parameters, kind: string, array: Float32Array): StateTensor[] =>
  stretches.map(({ name, shape, offset, length }) => ({
    name: `${kind}/${name}`,
    shape,
    dtype: 'F32',
    data: array.subarray(offset, offset + length),
  }))
