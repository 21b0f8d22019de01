/**
 * Frozen matrices that are held in few bits. N tokens.
 *
 * In blocks (4 bits): the matrix is made again for each use, by ops that every execution provider has, and is gone after
 * it. ONNX Runtime would make it too early: when it loads the graph (its constant folding), or before anything else,
 * since it depends on weights alone; and merge what is made twice. So the bytes are reshaped to a shape that is read off
 * `after`, a value that is there just before the matrix is needed.
 *
 * In 8 bits: the product itself is taken in whole numbers, x quantized on the fly with a scale for each token.
 */
import { times } from '../graph/shapes'
import { apply, constant, type Primitive, type Shape, type Value } from '../graph/value'
import type { OnnxNode } from '../onnx/model'
import { affine, matmul } from './linear-algebra'
import { onnxNode, primitive } from './primitive'

/**
 * Bytes [B] → values of the table [256, V] (V to a byte), each block of them times its scale [blocks, 1]; the bytes fill
 * whole blocks, of which `shape` takes the first values.
 */
const dequantizeOp = primitive('Dequantize', {
  type: ([bytes, table, scales], { shape }) => {
    const held = Number(bytes!.shape[0]) * Number(table!.shape[1])
    const blocks = Number(scales!.shape[0])
    const wanted = Number(times(shape as unknown as Shape))
    if (held % blocks !== 0 || wanted > held)
      throw new Error(`${held} values in ${blocks} blocks do not make [${(shape as Shape).join(', ')}]`)
    return { dtype: 'float32', shape: shape as unknown as Shape }
  },
  emit: (node, { inputs: [bytes, table, scales, after], outputs: [y] }) => {
    const [B, V] = [Number(node.inputs[0]!.shape[0]), Number(node.inputs[1]!.shape[1])]
    const blocks = Number(node.inputs[2]!.shape[0])
    const shape = (node.attributes.shape as readonly number[]).map(Number)
    const wanted = Number(times(shape))
    const at = (name: string) => `${y}/${name}`
    const list = (name: string, values: number[]) => onnxNode('Constant', [], [at(name)], { value_ints: values })
    const whole = wanted === B * V
    return [
      ...lateShape(at, after!, [B]),
      onnxNode('Reshape', [bytes!, at('late')], [at('bytes')]),
      onnxNode('Cast', [at('bytes')], [at('codes')], { to: 6 }),
      onnxNode('Gather', [table!, at('codes')], [at('values')], { axis: 0 }),
      list('blocks', [blocks, (B * V) / blocks]),
      onnxNode('Reshape', [at('values'), at('blocks')], [at('inBlocks')]),
      onnxNode('Mul', [at('inBlocks'), scales!], [at('scaled')]),
      ...(whole ? [] : firstValues(at, wanted)),
      list('shape', shape),
      onnxNode('Reshape', [whole ? at('scaled') : at('first'), at('shape')], [y!]),
    ]
  },
  gradient: () => [null, null, null, null],
})

type Namer = (name: string) => string

/** The constant shape as a value that is not known before `after` is: `late`. */
const lateShape = (at: Namer, after: string, shape: number[]): Omit<OnnxNode, 'name'>[] => [
  onnxNode('Shape', [after], [at('lead')], { start: 0, end: 1 }),
  onnxNode('Constant', [], [at('none')], { value_ints: [0] }),
  onnxNode('Mul', [at('lead'), at('none')], [at('zero')]),
  onnxNode('Constant', [], [at('size')], { value_ints: shape }),
  onnxNode('Add', [at('zero'), at('size')], [at('late')]),
]

/** x itself, but not before `after` is there: what is made of a frozen x is then made each time, and not kept. */
const lateOp = primitive('Late', {
  type: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  emit: (node, { inputs: [x, after], outputs: [y] }) => {
    const at = (name: string) => `${y}/${name}`
    return [...lateShape(at, after!, node.inputs[0]!.shape.map(Number)), onnxNode('Reshape', [x!, at('late')], [y!])]
  },
  gradient: ({ dY }) => [() => dY, null],
})
export const late = (x: Value, after: Value) => lateOp([x, after])

const firstValues = (at: Namer, count: number): Omit<OnnxNode, 'name'>[] => [
  onnxNode('Constant', [], [at('flat')], { value_ints: [-1] }),
  onnxNode('Reshape', [at('scaled'), at('flat')], [at('line')]),
  onnxNode('Constant', [], [at('from')], { value_ints: [0] }),
  onnxNode('Constant', [], [at('to')], { value_ints: [count] }),
  onnxNode('Slice', [at('line'), at('from'), at('to')], [at('first')]),
]

export type InBlocks = {
  /** uint8 [B], filling whole blocks. */
  bytes: Value
  /** What each byte stands for: float32 [256, V]. */
  table: Value
  /** float32 [blocks, 1]. */
  scales: Value
}

/** The values that bytes in blocks stand for, made when `after` (whose first dimension is a name) is there. */
export const dequantize = ({ bytes, table, scales }: InBlocks, shape: readonly number[], after: Value): Value => {
  if (typeof after.shape[0] === 'number') throw new Error('dequantize: the value to wait for has no named dimension')
  return dequantizeOp([bytes, table, scales, after], { shape })
}

/**
 * x [N, inputs] · Wᵀ (+ bias [outputs]) of a frozen matrix W [outputs, inputs] that `matrixAfter` makes: once for the
 * product and once more for its gradient dX = dY · W, so that it need not be kept in between.
 */
export function fleetingProduct(x: Value, matrixAfter: (after: Value) => Value, bias: Value | null): Value {
  const matrix = matrixAfter(x)
  const y = bias ? affine(x, matrix, bias, { transposeW: true }) : matmul(x, matrix, { transposeW: true })
  const boundary: Primitive = {
    name: 'FleetingProduct',
    type: () => [{ dtype: y.dtype, shape: y.shape }],
    emit: (_, { inputs: [product], outputs }) => [onnxNode('Identity', [product!], outputs)],
    gradient: ({ dY }) => [null, () => matmul(dY, matrixAfter(dY)), ...(bias ? [() => dY] : [])],
  }
  return apply(boundary, bias ? [y, x, bias] : [y, x]).outputs[0]!
}

/**
 * A matrix in 8 bits: W[i, o] = scales[o] · (matrix[i, o] − zero), zero 0 for int8 and 128 for uint8. uint8 is for
 * processors whose products of uint8 and int8 saturate (see `runtime/int8-products.ts`).
 */
export type Int8Matrix = {
  /** int8 or uint8 [inputs, outputs]. */
  matrix: Value
  /** float32 [outputs]. */
  scales: Value
}

/** The code of 0 in uint8. */
const middle = () => constant(128, [], 'uint8')
const largestCode = 127

/**
 * Y = X · W with X quantized to the nearest of 255 even steps between each row's largest absolute value and its
 * negative. dX = (dY ∘ scales) · matrixᵀ is taken likewise: with the scales in dY, the matrix has none of its own.
 * The zero points are exact, so the product of the codes is.
 */
const int8ProductOp = primitive('Int8Product', {
  type: ([x, matrix, scales], { transposed }) => {
    const [inputs, outputs] = matrix!.shape
    const [inner, outer] = transposed ? [outputs, inputs] : [inputs, outputs]
    if (x!.shape.length !== 2 || x!.shape[1] !== inner || scales!.shape[0] !== outputs)
      throw new Error(`[${x!.shape.join(', ')}] does not fit a matrix of [${inputs}, ${outputs}]`)
    return { dtype: 'float32', shape: [x!.shape[0]!, outer!] }
  },
  emit: (node, { inputs: [x, matrix, scales, zero], outputs: [y] }) => {
    const at = (name: string) => `${y}/${name}`
    const zeroOfMatrix = node.inputs[1]!.dtype === 'uint8' ? [zero!] : []
    const factors = node.attributes.transposed ? [at('scaled'), at('turned'), at('one')] : [x!, matrix!, scales!]
    return [
      ...(node.attributes.transposed ? turned(at, x!, matrix!, scales!, node.inputs[1]!.shape.map(Number)) : []),
      ...rowCodes(at, factors[0]!, zero!),
      onnxNode('Constant', [], [at('one')], { value_float: { float: 1 } }),
      onnxNode(
        'MatMulIntegerToFloat',
        [at('codes'), factors[1]!, at('one'), factors[2]!, zero!, ...zeroOfMatrix],
        [at('product')],
        {},
        'com.microsoft',
      ),
      onnxNode('Mul', [at('product'), at('steps')], [y!]),
    ]
  },
  gradient: ({ inputs: [, matrix, scales, zero], attributes: { transposed }, dY }) => [
    () => int8ProductOp([dY, matrix!, scales!, zero!], { transposed: transposed ? 0 : 1 }),
    null,
    null,
    null,
  ],
})

/** What the transposed product multiplies: `scaled` dY and the `turned` matrix, which is gone afterwards. */
const turned = (at: Namer, dY: string, matrix: string, scales: string, shape: number[]): Omit<OnnxNode, 'name'>[] => [
  onnxNode('Mul', [dY, scales], [at('scaled')]),
  ...lateShape(at, dY, shape),
  onnxNode('Reshape', [matrix, at('late')], [at('matrix')]),
  onnxNode('Transpose', [at('matrix')], [at('turned')], { perm: [1, 0] }),
]

/** x [N, K] as uint8 `codes` and the `steps` [N, 1] that they count. */
const rowCodes = (at: Namer, x: string, zero: string): Omit<OnnxNode, 'name'>[] => [
  onnxNode('Abs', [x], [at('sizes')]),
  onnxNode('Constant', [], [at('last')], { value_ints: [-1] }),
  onnxNode('ReduceMax', [at('sizes'), at('last')], [at('largest')], { keepdims: 0 }),
  onnxNode('Constant', [], [at('share')], { value_float: { float: 1 / largestCode } }),
  onnxNode('Mul', [at('largest'), at('share')], [at('shares')]),
  onnxNode('Constant', [], [at('tiny')], { value_float: { float: 1e-30 } }),
  onnxNode('Max', [at('shares'), at('tiny')], [at('step')]), // [N]
  onnxNode('Shape', [at('step')], [at('rows')]),
  onnxNode('Expand', [zero, at('rows')], [at('zeros')]),
  onnxNode('QuantizeLinear', [x, at('step'), at('zeros')], [at('codes')], { axis: 0 }),
  onnxNode('Unsqueeze', [at('step'), at('last')], [at('steps')]),
]

/** x [N, inputs] · W → [N, outputs], in whole numbers; its gradient is too. */
export const int8Product = (x: Value, { matrix, scales }: Int8Matrix): Value =>
  int8ProductOp([x, matrix, scales, middle()], { transposed: 0 })

/** The matrix in float32 [inputs, outputs], made when `after` is there. */
const dequantizeInt8Op = primitive('DequantizeInt8', {
  type: ([matrix]) => ({ dtype: 'float32', shape: matrix!.shape }),
  emit: (node, { inputs: [matrix, scales, zero, after], outputs: [y] }) => {
    const at = (name: string) => `${y}/${name}`
    const unsigned = node.inputs[0]!.dtype === 'uint8'
    return [
      ...lateShape(at, after!, node.inputs[0]!.shape.map(Number)),
      onnxNode('Reshape', [matrix!, at('late')], [at('matrix')]),
      ...(unsigned
        ? [onnxNode('Shape', [scales!], [at('columns')]), onnxNode('Expand', [zero!, at('columns')], [at('zeros')])]
        : []),
      onnxNode('DequantizeLinear', [at('matrix'), scales!, ...(unsigned ? [at('zeros')] : [])], [y!], { axis: 1 }),
    ]
  },
  gradient: () => [null, null, null, null],
})
export const dequantizeInt8 = ({ matrix, scales }: Int8Matrix, after: Value): Value =>
  dequantizeInt8Op([matrix, scales, middle(), after])
