/** Softmax, layer and root-mean-square normalization. D is the last dimension. */
import { expectRank, fixed } from '../graph/shapes'
import type { Value } from '../graph/value'
import { mul, sub } from './arithmetic'
import { onnxNode, primitive, primitiveOf } from './primitive'
import { meanOfLast, sum } from './shape'

/** y = softmax(x) over the last axis. dX = (dY − Σ dY·y) · y. */
const softmaxOp = primitive('Softmax', {
  type: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  attributes: () => ({ axis: -1 }),
  gradient: ({ outputs: [y], dY }) => [() => mul(sub(dY, sum(mul(dY, y!), [-1], { keep: true })), y!)],
})
export const softmax = (x: Value) => softmaxOp([x])

/**
 * y = x̂ · w + b, x̂ = (x − mean) · s, s = 1 / √(var + ε) (Ba et al. 2016). The kernel hands out mean and s.
 * dB = dY, dW = dY · x̂, and with g = dY · w: dX = s · (g − mean(g) − x̂ · mean(g · x̂)).
 */
const layerNormOp = primitiveOf('LayerNormalization', {
  type: ([x, w, b]) => {
    const width = fixed(x!.shape.at(-1), 'the normalized dimension')
    for (const value of [w!, b!])
      if (value.shape.length !== 1 || value.shape[0] !== width)
        throw new Error(`weight or bias has shape [${value.shape.join(', ')}], expected [${width}]`)
    const statistics = { dtype: x!.dtype, shape: [...x!.shape.slice(0, -1), 1] }
    return [{ dtype: x!.dtype, shape: x!.shape }, statistics, statistics]
  },
  attributes: ({ epsilon }) => ({ axis: -1, epsilon: epsilon as { float: number } }),
  gradient: ({ inputs: [x, w], outputs: [, mean, deviation], dY }) => {
    const normalized = () => mul(sub(x!, mean!), deviation!)
    return [
      () => {
        const g = mul(dY, w!)
        const hat = normalized()
        return mul(sub(sub(g, meanOfLast(g)), mul(hat, meanOfLast(mul(g, hat)))), deviation!)
      },
      () => mul(dY, normalized()),
      () => dY,
    ]
  },
})
/** Layer normalization over the last dimension: x [..., D], w [D], b [D]. */
export const layerNorm = (x: Value, w: Value, b: Value, epsilon: number) =>
  layerNormOp([x, w, b], { epsilon: { float: epsilon } })[0]!

/**
 * y = x̂ · w, x̂ = x · s, s = 1 / √(mean x² + ε) (Zhang and Sennrich 2019). The kernel hands out s.
 * dW = dY · x̂, and with g = dY · w: dX = s · (g − x̂ · mean(g · x̂)).
 */
const rmsNormOp = primitiveOf('SimplifiedLayerNormalization', {
  type: ([x, w]) => {
    const width = fixed(x!.shape.at(-1), 'the normalized dimension')
    if (w!.shape.length !== 1 || w!.shape[0] !== width)
      throw new Error(`weight has shape [${w!.shape.join(', ')}], expected [${width}]`)
    return [
      { dtype: x!.dtype, shape: x!.shape },
      { dtype: x!.dtype, shape: [...x!.shape.slice(0, -1), 1] },
    ]
  },
  attributes: ({ epsilon }) => ({ axis: -1, epsilon: epsilon as { float: number } }),
  gradient: ({ inputs: [x, w], outputs: [, deviation], dY }) => {
    const normalized = () => mul(x!, deviation!)
    return [
      () => {
        const g = mul(dY, w!)
        const hat = normalized()
        return mul(sub(g, mul(hat, meanOfLast(mul(g, hat)))), deviation!)
      },
      () => mul(dY, normalized()),
    ]
  },
})
/** Root-mean-square normalization over the last dimension: x [..., D], w [D]. */
export const rmsNorm = (x: Value, w: Value, epsilon: number) => rmsNormOp([x, w], { epsilon: { float: epsilon } })[0]!

/**
 * Euclidean norms of the rows of x [M, N]: [M]. Its gradient counts as zero: who divides by it takes it for a constant
 * of the step, as DoRA does.
 */
const rowNormsOp = primitive('ReduceL2', {
  type: ([x]) => {
    expectRank(x!, 2, 'the matrix of row norms')
    return { dtype: x!.dtype, shape: [x!.shape[0]!] }
  },
  emit: (_, { inputs: [x], outputs: [y] }) => [
    onnxNode('Constant', [], [`${y}_axes`], { value_ints: [1] }),
    onnxNode('ReduceL2', [x!, `${y}_axes`], [y!], { keepdims: 0 }),
  ],
  gradient: () => [null],
})
export const rowNorms = (x: Value) => rowNormsOp([x])
