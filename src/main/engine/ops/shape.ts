/** Ops that move elements: reshape, transpose, concatenate, split, sum over axes. */
import { axisOf, fixed, sameShape, times } from '../graph/shapes'
import { constant, type Dimension, type Shape, type Value } from '../graph/value'
import { mul } from './arithmetic'
import { onnxNode, primitive, primitiveOf } from './primitive'

const reshapeOp = primitive('Reshape', {
  type: ([x], { shape }) => {
    const target = shape as unknown as Shape
    if (times(x!.shape) !== times(target))
      throw new Error(`[${x!.shape.join(', ')}] has not the size of [${target.join(', ')}]`)
    return { dtype: x!.dtype, shape: target }
  },
  attributes: () => ({}),
  gradient: ({ inputs: [x], dY }) => [() => reshape(dY, x!.shape), null],
})

/** The same elements under another shape. Of several named dimensions, all but one must stand where they stood. */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  // ONNX: 0 keeps the dimension at this place, −1 is what remains.
  const code = shape.map((size, i) => (typeof size === 'number' ? size : size === x.shape[i] ? 0 : -1))
  return reshapeOp([x, constant(code, [code.length], 'int64')], { shape: shape as readonly string[] })
}

const transposeOp = primitive('Transpose', {
  type: ([x], { perm }) => ({ dtype: x!.dtype, shape: (perm as readonly number[]).map((axis) => x!.shape[axis]!) }),
  gradient: ({ attributes: { perm }, dY }) => [() => transpose(dY, inverse(perm as readonly number[]))],
})
const inverse = (perm: readonly number[]) => perm.map((_, axis) => perm.indexOf(axis))
/** Dimension i of the result is dimension perm[i] of x. */
export const transpose = (x: Value, perm: readonly number[]) => transposeOp([x], { perm })

const sumOp = primitive('ReduceSum', {
  type: ([x], { axes, keepdims }) => {
    const gone = axes as readonly number[]
    const shape = x!.shape.map((size, i) => (gone.includes(i) ? 1 : size))
    return { dtype: x!.dtype, shape: keepdims ? shape : x!.shape.filter((_, i) => !gone.includes(i)) }
  },
  attributes: ({ keepdims }) => ({ keepdims: keepdims as number }),
  gradient: ({ inputs: [x], attributes: { axes, keepdims }, dY }) => [
    () => {
      const gone = axes as readonly number[]
      const kept = keepdims
        ? dY
        : reshape(
            dY,
            x!.shape.map((size, i) => (gone.includes(i) ? 1 : size)),
          )
      return expandLike(kept, x!)
    },
    null,
  ],
})
/** Sum over axes (all of them when none are named). */
export function sum(x: Value, axes?: readonly number[], options: { keep?: boolean } = {}): Value {
  const positive = (axes ?? x.shape.map((_, i) => i)).map((axis) => axisOf(axis, x.shape.length))
  if (positive.length === 0) return x
  return sumOp([x, constant(positive, [positive.length], 'int64')], {
    axes: positive,
    keepdims: Number(options.keep ?? false),
  })
}

/** x stretched to the shape of `like`, whose lengths may be known only at run time. */
const expandLikeOp = primitive('ExpandLike', {
  type: ([x, like]) => ({ dtype: x!.dtype, shape: like!.shape }),
  emit: (_, { inputs: [x, like], outputs: [y] }) => [
    onnxNode('Shape', [like!], [`${y}_shape`]),
    onnxNode('Expand', [x!, `${y}_shape`], [y!]),
  ],
  gradient: ({ dY }) => [() => dY, null],
})
export const expandLike = (x: Value, like: Value) => (sameShape(x.shape, like.shape) ? x : expandLikeOp([x, like]))

/** Sums over the dimensions along which `value` was stretched from `shape`: the other side of broadcasting. */
export function sumTo(value: Value, shape: Shape): Value {
  const extra = value.shape.length - shape.length
  const leading = Array.from({ length: extra }, (_, i) => i)
  const stretched = shape.flatMap((size, i) => (size === 1 && value.shape[extra + i] !== 1 ? [extra + i] : []))
  const kept = stretched.length > 0 ? sum(value, stretched, { keep: true }) : value
  return leading.length > 0 ? sum(kept, leading) : kept
}

/** Mean over the last axis, kept as 1. */
export function meanOfLast(x: Value): Value {
  return meanOp([x])
}
const meanOp = primitive('ReduceMean', {
  type: ([x]) => ({ dtype: x!.dtype, shape: [...x!.shape.slice(0, -1), 1] }),
  emit: (_, { inputs: [x], outputs: [y] }) => [
    onnxNode('Constant', [], [`${y}_axes`], { value_ints: [-1] }),
    onnxNode('ReduceMean', [x!, `${y}_axes`], [y!], { keepdims: 1 }),
  ],
  gradient: ({ inputs: [x], dY }) => [
    () => expandLike(mul(dY, 1 / fixed(x!.shape.at(-1), 'the averaged dimension')), x!),
  ],
})
const concatOp = primitive('Concat', {
  type: (values, { axis, length }) => ({
    dtype: values[0]!.dtype,
    shape: values[0]!.shape.map((size, i) => (i === axis ? (length as Dimension) : size)),
  }),
  attributes: ({ axis }) => ({ axis: axis as number }),
  gradient: ({ inputs, attributes: { axis }, dY }) => {
    const sizes = inputs.map((value) => value.shape[axis as number]!)
    const even = sizes.every((size) => size === sizes[0])
    const parts = () =>
      even
        ? splitEvenly(dY, axis as number, sizes.length, sizes[0]!)
        : split(
            dY,
            axis as number,
            sizes.map((size) => fixed(size, 'one of several unequal parts')),
          )
    return inputs.map((_, i) => () => parts()[i]!)
  },
})
/** Values end to end along an axis; `length` names the result's length where it is not a number. */
export function concat(values: readonly Value[], axis: number, length?: Dimension): Value {
  const at = axisOf(axis, values[0]!.shape.length)
  const total = values.reduce((sum, value) => sum + Number(value.shape[at]), 0)
  return concatOp(values, { axis: at, length: length ?? total })
}

const splitOp = primitiveOf('Split', {
  type: ([x], { axis, sizes }) =>
    (sizes as readonly number[]).map((size) => ({
      dtype: x!.dtype,
      shape: x!.shape.map((whole, i) => (i === axis ? size : whole)),
    })),
  attributes: ({ axis }) => ({ axis: axis as number }),
  gradient: ({ outputs, attributes: { axis }, dYs }) => [
    () =>
      concat(
        outputs.map((output, i) => dYs[i] ?? zerosLike(output)),
        axis as number,
      ),
    null,
  ],
})
/** Parts of the given sizes along an axis. */
export function split(x: Value, axis: number, sizes: readonly number[]): readonly Value[] {
  const at = axisOf(axis, x.shape.length)
  return splitOp([x, constant(sizes, [sizes.length], 'int64')], { axis: at, sizes })
}

const splitEvenlyOp = primitiveOf('SplitEvenly', {
  type: ([x], { axis, count, size }) =>
    Array.from({ length: count as number }, () => ({
      dtype: x!.dtype,
      shape: x!.shape.map((whole, i) => (i === axis ? (size as Dimension) : whole)),
    })),
  emit: ({ attributes: { axis, count } }, { inputs, outputs }) => [
    onnxNode('Split', inputs, outputs, { axis: axis as number, num_outputs: count as number }),
  ],
  gradient: ({ inputs: [x], outputs, attributes: { axis }, dYs }) => [
    () =>
      concat(
        outputs.map((output, i) => dYs[i] ?? zerosLike(output)),
        axis as number,
        x!.shape[axis as number]!,
      ),
  ],
})
/** `count` parts of one size along an axis; `size` names that size where it is known at run time only. */
export function splitEvenly(x: Value, axis: number, count: number, size: Dimension): readonly Value[] {
  if (count === 1) return [x]
  return splitEvenlyOp([x], { axis: axisOf(axis, x.shape.length), count, size })
}

/** Zeros of a value's shape. */
export const zerosLike = (like: Value) => expandLike(constant(0), like)
