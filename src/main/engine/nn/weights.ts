/**
 * A model's weights as its architecture sees them: names of the checkpoint, and linear layers. Whether a linear layer
 * is plain, quantized or wears an adapter is decided by who composed the view; no architecture knows.
 */
import { type Value, within } from '../graph/value'
import { affine, late, matmul, transpose } from '../ops'

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

/**
 * Hands out a tensor of the checkpoint. `tiedTo` names the tensor that stands for it in this model (the embedding, for a
 * tied head), unless the view parts the two. @throws when it is missing or of another shape.
 */
export type TensorSource = (name: string, shape: readonly number[], tiedTo?: string) => Value
/** Makes a linear layer of the checkpoint, in whatever form its matrix is held. */
export type LinearSource = (layer: LinearLayer, tensors: TensorSource) => BaseLinear
export type BaseLinear = {
  apply: Linear
  /** The matrix itself [outputs, inputs] in float32; one that has to be made first is not made before `after` is there. */
  matrix(after: Value): Value
}
/** Wraps a linear layer; sees every one that the architecture asks for, but for the output head. */
export type LinearWrapper = (base: BaseLinear, layer: LinearLayer, tensors: TensorSource) => Linear

/** What a view of the weights is composed of. */
export type ViewParts = { tensors: TensorSource; linears?: LinearSource; wrap?: LinearWrapper }

export type Weights = {
  at(path: string): Weights
  list(path: string, count: number): Weights[]
  /** `tiedTo`, as in `TensorSource`, is a whole name. */
  tensor(name: string, shape: readonly number[], tiedTo?: string): Value
  linear(name: string, shape: LinearShape): Linear
}

/** A view of the checkpoint. A linear layer is composed once, however often it is asked for. */
export function weightsOf({ tensors, linears = plainLinear, wrap = ({ apply }) => apply }: ViewParts): Weights {
  const composed = new Map<string, Linear>()
  const linear = (path: string, shape: LinearShape) => {
    const layer = { ...shape, path }
    const made = composed.get(path) ?? wrap(linears(layer, tensors), layer, tensors)
    composed.set(path, made)
    return (x: Value) => within(path, () => made(x))
  }
  const under = (prefix: string): Weights => {
    const full = (name: string) => (prefix ? `${prefix}.${name}` : name)
    return {
      at: (path) => under(full(path)),
      list: (path, count) => Array.from({ length: count }, (_, i) => under(full(`${path}.${i}`))),
      tensor: (name, shape, tiedTo) => tensors(full(name), shape, tiedTo),
      linear: (name, shape) => linear(full(name), shape),
    }
  }
  return under('')
}

/** A linear layer as the checkpoint has it. */
export const plainLinear: LinearSource = ({ path, inputs, outputs, bias, stored }, tensors) => {
  const matrix = tensors(`${path}.weight`, stored === 'in-out' ? [inputs, outputs] : [outputs, inputs])
  const options = { transposeW: stored === 'out-in' }
  const offset = bias ? tensors(`${path}.bias`, [outputs]) : null
  return {
    apply: (x) => (offset ? affine(x, matrix, offset, options) : matmul(x, matrix, options)),
    matrix: (after) => (stored === 'in-out' ? transpose(late(matrix, after), [1, 0]) : matrix),
  }
}
