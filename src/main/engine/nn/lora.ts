/**
 * Low-rank adapters (Hu et al. 2021), as `peft` builds them: y = W x + (alpha / r) · B (A (dropout x)).
 * They wrap whatever linear layer they find, so no architecture knows about them.
 */
import { input, type Value } from '../graph/value'
import { add, dropout, matmul, mul, type Randomness } from '../ops'
import type { LinearLayer, LinearWrapper } from './weights'

export type LoraShape = {
  r: number
  alpha: number
  dropout: number
  /** `all-linear`, or last parts of module names (`c_attn`), or whole paths. */
  targets: 'all-linear' | readonly string[]
}

/** Names of an adapter's matrices: A [r, inputs], B [outputs, r]. */
export const loraNames = (path: string) => ({ a: `${path}.lora_A.weight`, b: `${path}.lora_B.weight` })

/** Whether a module's path is meant by one of the targets, by `peft`'s rule: the path, or its last parts. */
export const isTarget = (path: string, targets: LoraShape['targets']) =>
  targets === 'all-linear' || targets.some((name) => path === name || path.endsWith(`.${name}`))

/**
 * The wrapper that gives target layers their adapter. The matrices are inputs of the graph, named by `loraNames`;
 * each layer that got one is reported to `found`, in the model's order.
 */
export function withLora(
  shape: LoraShape,
  found: (layer: LinearLayer) => void,
  randomness?: Randomness,
): LinearWrapper {
  let salt = 0
  return ({ apply: linear }, layer) => {
    if (!isTarget(layer.path, shape.targets)) return linear
    found(layer)
    const names = loraNames(layer.path)
    const a = input(names.a, 'float32', [shape.r, layer.inputs])
    const b = input(names.b, 'float32', [layer.outputs, shape.r])
    const place = ++salt
    return (x) => add(linear(x), adapted(x, a, b, place))
  }
  function adapted(x: Value, a: Value, b: Value, place: number) {
    const seen = shape.dropout > 0 && randomness ? dropout(x, shape.dropout, place, randomness) : x
    const narrow = matmul(seen, a, { transposeW: true }) // [N, r]
    return mul(matmul(narrow, b, { transposeW: true }), shape.alpha / shape.r) // [N, outputs]
  }
}
