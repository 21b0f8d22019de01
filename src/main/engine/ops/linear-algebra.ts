/** Matrix products. M rows, K inner, N columns; a batch may lead. dX is the gradient of X. */
import { broadcast, expectRank, sameShape } from '../graph/shapes'
import type { Shape, Value } from '../graph/value'
import { onnxNode, primitive } from './primitive'

export type ProductOptions = {
  /** Use xᵀ or wᵀ (their last two dimensions swapped) in place of x or w. */
  transposeX?: boolean
  transposeW?: boolean
  /** Factor of the product. */
  scale?: number
}

const flipped = (shape: Shape, flip: unknown): Shape =>
  flip ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape

function productShape(x: Value, w: Value, transposeX: unknown, transposeW: unknown): Shape {
  if (x.shape.length < 2 || w.shape.length < 2) throw new Error('both factors need two dimensions or more')
  const left = flipped(x.shape, transposeX)
  const right = flipped(w.shape, transposeW)
  if (left.at(-1) !== right.at(-2))
    throw new Error(
      `inner sizes differ, ${left.at(-1)} and ${right.at(-2)} ([${left.join(', ')}] · [${right.join(', ')}])`,
    )
  return [...broadcast(left.slice(0, -2), right.slice(0, -2)), left.at(-2)!, right.at(-1)!]
}

/**
 * Y = s · X · W (+ b), each factor possibly transposed.
 *            dX           dW
 *  X  · W    dY · Wᵀ      Xᵀ · dY
 *  X  · Wᵀ   dY · W       dYᵀ · X
 *  Xᵀ · W    W · dYᵀ      X · dY
 *  Xᵀ · Wᵀ   Wᵀ · dYᵀ     dYᵀ · Xᵀ      and db = dY.
 */
const product = primitive('MatMul', {
  type: ([x, w, bias], { transposeX, transposeW }) => {
    const shape = productShape(x!, w!, transposeX, transposeW)
    if (bias) {
      expectRank(x!, 2, 'the left factor of a product with a bias')
      if (!sameShape(bias.shape, [shape[1]!]) && !sameShape(bias.shape, shape))
        throw new Error(`bias has shape [${bias.shape.join(', ')}], expected [${shape[1]}] or [${shape.join(', ')}]`)
    }
    return { dtype: x!.dtype, shape }
  },
  emit: (node, { inputs, outputs }) => {
    const [transA, transB] = [Number(node.attributes.transposeX), Number(node.attributes.transposeW)]
    const alpha = node.attributes.scale as { float: number }
    const flat = node.inputs.every((value) => value.shape.length <= 2)
    if (flat) return [onnxNode('Gemm', inputs, outputs, { transA, transB, alpha })]
    if (!transA && !transB && alpha.float === 1) return [onnxNode('MatMul', inputs, outputs)]
    return [onnxNode('FusedMatMul', inputs, outputs, { transA, transB, alpha }, 'com.microsoft')]
  },
  gradient: ({ inputs: [x, w, bias], attributes, dY }) => {
    const { float: scale } = attributes.scale as { float: number }
    const tX = Boolean(attributes.transposeX)
    const tW = Boolean(attributes.transposeW)
    const dX = () =>
      tX ? matmul(w!, dY, { transposeX: tW, transposeW: true, scale }) : matmul(dY, w!, { transposeW: !tW, scale })
    const dW = () =>
      tW ? matmul(dY, x!, { transposeX: true, transposeW: tX, scale }) : matmul(x!, dY, { transposeX: !tX, scale })
    return bias ? [dX, dW, () => dY] : [dX, dW]
  },
})

const attributesOf = ({ transposeX = false, transposeW = false, scale = 1 }: ProductOptions) => ({
  transposeX: Number(transposeX),
  transposeW: Number(transposeW),
  scale: { float: scale },
})

/** s · x · w: [..., M, K] · [..., K, N] → [..., M, N]. */
export const matmul = (x: Value, w: Value, options: ProductOptions = {}) => product([x, w], attributesOf(options))

/** s · x · w + bias: [M, K] · [K, N] + [N] or [M, N] → [M, N]. */
export const affine = (x: Value, w: Value, bias: Value, options: ProductOptions = {}) =>
  product([x, w, bias], attributesOf(options))
