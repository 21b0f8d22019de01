/**
 * What a run trains, in two long arrays: weights and gradients. Each tensor is a stretch of them, so optimizers and the
 * norm run over everything at once, and ONNX Runtime reads and writes the arrays in place.
 * Tensors that decay come first.
 */
import type { HostTensor, Tensors } from '../runtime/session'
import { elementsIn } from '../weights/dtypes'

export type ParameterShape = { name: string; shape: readonly number[] }
export type Stretch = ParameterShape & { offset: number; length: number }

export type Parameters = {
  stretches: readonly Stretch[]
  /** Number of values; those before `decaying` decay. */
  length: number
  decaying: number
  weights: Float32Array
  gradients: Float32Array
}

/** As the Trainer has it: all but biases and norm weights, which are the vectors of a model. DoRA's are neither. */
const decays = ({ name, shape }: ParameterShape) => shape.length >= 2 || name.endsWith('.lora_magnitude_vector')

export function allocate(shapes: readonly ParameterShape[]): Parameters {
  const ordered = [...shapes.filter(decays), ...shapes.filter((entry) => !decays(entry))]
  let offset = 0
  const stretches = ordered.map((entry) => {
    const length = elementsIn(entry.shape)
    offset += length
    return { ...entry, offset: offset - length, length }
  })
  const decaying = stretches.filter(decays).reduce((sum, { length }) => sum + length, 0)
  return { stretches, length: offset, decaying, weights: new Float32Array(offset), gradients: new Float32Array(offset) }
}

/** The stretches of one array as tensors under `prefix` + name; no value is copied. */
export const tensorsOf = ({ stretches }: Parameters, array: Float32Array, prefix = ''): Tensors =>
  Object.fromEntries(stretches.map((stretch) => [prefix + stretch.name, view(stretch, array)]))

const view = ({ shape, offset, length }: Stretch, array: Float32Array): HostTensor => ({
  shape,
  data: array.subarray(offset, offset + length),
})
