/**
 * A model's weights as its architecture sees them: names of the checkpoint, and linear layers. Whether a linear layer
 * is plain, quantized or wears an adapter is decided by who composed the view; no architecture knows.
 */
import { type Value, within } from '../graph/value'
import { affine, matmul } from '../ops'

/** x [N, inputs] → [N, outputs]. */
export type Linear = (x: Value) => Value
export type LinearShape = {
  inputs: number
  outputs: number
  bias: boolean
  /** `in-out`: the matrix is stored [inputs, outputs] (GPT-2's Conv1D); `out-in` as torch.nn.Linear stores it. */
  stored: 'in-out' | 'out-in'
}
/** A linear layer that a model has, by the name of its module: `transformer.h.0.attn.c_attn`. */
export type LinearLayer = LinearShape & { path: string }

/** Hands out a tensor of the checkpoint. @throws when it is missing or of another shape. */
export type TensorSource = (name: string, shape: readonly number[]) => Value
/** Wraps a linear layer; sees every one that the architecture asks for, but for the output head. */
export type LinearWrapper = (linear: Linear, layer: LinearLayer) => Linear

export type Weights = {
  at(path: string): Weights
  list(path: string, count: number): Weights[]
  tensor(name: string, shape: readonly number[]): Value
  linear(name: string, shape: LinearShape): Linear
}

export function weightsOf(source: TensorSource, wrap: LinearWrapper = (linear) => linear, prefix = ''): Weights {
  const full = (name: string) => (prefix ? `${prefix}.${name}` : name)
  const at = (path: string) => weightsOf(source, wrap, full(path))
  return {
    at,
    list: (path, count) => Array.from({ length: count }, (_, i) => at(`${path}.${i}`)),
    tensor: (name, shape) => source(full(name), shape),
    linear: (name, shape) => {
      const path = full(name)
      const wrapped = wrap(plainLinear(source, path, shape), { ...shape, path })
      return (x) => within(path, () => wrapped(x))
    },
  }
}

function plainLinear(source: TensorSource, path: string, { inputs, outputs, bias, stored }: LinearShape): Linear {
  const matrix = source(`${path}.weight`, stored === 'in-out' ? [inputs, outputs] : [outputs, inputs])
  const options = { transposeW: stored === 'out-in' }
  if (!bias) return (x) => matmul(x, matrix, options)
  const offset = source(`${path}.bias`, [outputs])
  return (x) => affine(x, matrix, offset, options)
}
