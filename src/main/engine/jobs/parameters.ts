/**
 * What a run trains, in four long arrays: weights, gradients and Adam's two moments. Each tensor is a stretch of them,
 * so the optimizer and the norm run over everything at once, and ONNX Runtime reads and writes the arrays in place.
 * Tensors that decay come first (matrices; biases and norm weights do not decay, as in the Trainer).
 */
import type { HostTensor, Tensors } from '../runtime/session'

export type ParameterShape = { name: string; shape: readonly number[] }
type Stretch = ParameterShape & { offset: number; length: number }

export type Parameters = {
  stretches: readonly Stretch[]
  /** Number of values; those before `decaying` decay. */
  length: number
  decaying: number
  weights: Float32Array
  gradients: Float32Array
  firstMoments: Float32Array
  secondMoments: Float32Array
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, side) => size * side, 1)
const decays = ({ shape }: ParameterShape) => shape.length >= 2

export function allocate(shapes: readonly ParameterShape[]): Parameters {
  const ordered = [...shapes.filter(decays), ...shapes.filter((entry) => !decays(entry))]
  let offset = 0
  const stretches = ordered.map((entry) => {
    const length = sizeOf(entry.shape)
    offset += length
    return { ...entry, offset: offset - length, length }
  })
  const decaying = stretches.filter(decays).reduce((sum, { length }) => sum + length, 0)
  const zeros = () => new Float32Array(offset)
  return {
    stretches,
    length: offset,
    decaying,
    weights: zeros(),
    gradients: zeros(),
    firstMoments: zeros(),
    secondMoments: zeros(),
  }
}

/** The stretches of one array as tensors under `prefix` + name; no value is copied. */
export const tensorsOf = ({ stretches }: Parameters, array: Float32Array, prefix = ''): Tensors =>
  Object.fromEntries(stretches.map((stretch) => [prefix + stretch.name, view(stretch, array)]))

const view = ({ shape, offset, length }: Stretch, array: Float32Array): HostTensor => ({
  shape,
  data: array.subarray(offset, offset + length),
})
