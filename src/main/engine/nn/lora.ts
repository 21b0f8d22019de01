/**
 * Low-rank adapters as `peft` builds them. They wrap whatever linear layer they find, so no architecture knows of them.
 * With x̃ for what dropout leaves of x:
 *   LoRA (Hu et al. 2021)   y = W x + b + s · B (A x̃)
 *   DoRA (Liu et al. 2024)  y = W x + b + (g − 1) ⊙ W x̃ + g ⊙ s · B (A x̃), g = m / ‖W + s·B·A‖ for each row,
 * the norm a constant of the step. Source: peft, `lora/layer.py` and `lora/dora.py`.
 */
import { input, type Value } from '../graph/value'
import { add, affine, div, dropout, fleetingProduct, matmul, mul, type Randomness, rowNorms, sub } from '../ops'
import type { BaseLinear, LinearLayer, LinearWrapper } from './weights'

/** A layer's adapter. */
export type AdapterShape = {
  r: number
  /** s, the factor of B·A. */
  scale: number
  dropout: number
  /** Whether the length of each row is trained apart from its direction. */
  dora: boolean
}

/** Names of an adapter's tensors: A [r, inputs], B [outputs, r] and DoRA's m [outputs]. */
export const adapterNames = (path: string) => ({
  a: `${path}.lora_A.weight`,
  b: `${path}.lora_B.weight`,
  magnitude: `${path}.lora_magnitude_vector`,
})

type LowRank = { a: Value; b: Value; scale: number }

/**
 * The wrapper that gives layers the adapter that `shapeOf` has for them. Its tensors are inputs of the graph, named by
 * `adapterNames`.
 */
export function withAdapters(
  shapeOf: (layer: LinearLayer) => AdapterShape | null,
  randomness: Randomness | null = null,
): LinearWrapper {
  let salt = 0
  return (base, layer, tensors) => {
    const shape = shapeOf(layer)
    if (!shape) return base.apply
    const { r, scale } = shape
    const names = adapterNames(layer.path)
    const a = input(names.a, 'float32', [r, layer.inputs])
    const b = input(names.b, 'float32', [layer.outputs, r])
    const low = { a, b, scale }
    const place = ++salt
    const seen = (x: Value) => (shape.dropout > 0 && randomness ? dropout(x, shape.dropout, place, randomness) : x)
    if (!shape.dora) return (x) => plus(base.apply(x), seen(x), low)
    const magnitude = input(names.magnitude, 'float32', [layer.outputs])
    const bias = layer.bias ? tensors(`${layer.path}.bias`, [layer.outputs]) : null
    return rescaled(base, low, magnitude, bias, seen)
  }
}

/** y + s · B (A x): [N, outputs]. */
const plus = (y: Value, x: Value, { a, b, scale }: LowRank): Value =>
  affine(matmul(x, a, { transposeW: true }), b, y, { transposeW: true, scale })

/** DoRA. The gain g [outputs] holds for all tokens; where nothing is dropped, y = g ⊙ (W x + s · B (A x)) + b. */
function rescaled(base: BaseLinear, low: LowRank, magnitude: Value, bias: Value | null, seen: (x: Value) => Value) {
  return (x: Value): Value => {
    const gain = div(magnitude, rowNorms(affine(low.b, low.a, base.matrix(x), { scale: low.scale })))
    const rest = seen(x)
    if (rest === x) {
      const y = mul(plus(base.apply(x), x, low), gain)
      return bias ? add(y, mul(bias, sub(1, gain))) : y
    }
    const product = fleetingProduct(rest, base.matrix, null)
    return add(base.apply(x), sub(mul(plus(product, rest, low), gain), product))
  }
}
