/** Elementwise arithmetic with broadcasting. dX is the gradient of X; summing over broadcast dimensions is the walker's business. */
import { broadcast } from '../graph/shapes'
import { constant, type Value } from '../graph/value'
import { elementTypes } from '../onnx/model'
import { primitive } from './primitive'

/** Plain numbers stand for float constants. */
export type Operand = Value | number
const value = (operand: Operand): Value => (typeof operand === 'number' ? constant(operand) : operand)

function binaryType([a, b]: readonly Value[]) {
  if (a!.dtype !== b!.dtype) throw new Error(`element types differ: ${a!.dtype} and ${b!.dtype}`)
  return { dtype: a!.dtype, shape: broadcast(a!.shape, b!.shape) }
}
const sameType = ([x]: readonly Value[]) => ({ dtype: x!.dtype, shape: x!.shape })

const addOp = primitive('Add', { type: binaryType, gradient: ({ dY }) => [() => dY, () => dY] })
const subOp = primitive('Sub', { type: binaryType, gradient: ({ dY }) => [() => dY, () => neg(dY)] })
const mulOp = primitive('Mul', {
  type: binaryType,
  gradient: ({ inputs: [a, b], dY }) => [() => mul(dY, b!), () => mul(dY, a!)],
})
/** y = a / b: dA = dY / b, dB = −dY · y / b. */
const divOp = primitive('Div', {
  type: binaryType,
  gradient: ({ inputs: [, b], outputs: [y], dY }) => [() => div(dY, b!), () => neg(div(mul(dY, y!), b!))],
})
const negOp = primitive('Neg', { type: sameType, gradient: ({ dY }) => [() => neg(dY)] })
const expOp = primitive('Exp', { type: sameType, gradient: ({ outputs: [y], dY }) => [() => mul(dY, y!)] })
const logOp = primitive('Log', { type: sameType, gradient: ({ inputs: [x], dY }) => [() => div(dY, x!)] })
/** d√x = 1 / (2√x). */
const sqrtOp = primitive('Sqrt', {
  type: sameType,
  gradient: ({ outputs: [y], dY }) => [() => div(mul(dY, 0.5), y!)],
})
/** d tanh x = 1 − tanh² x. */
const tanhOp = primitive('Tanh', {
  type: sameType,
  gradient: ({ outputs: [y], dY }) => [() => mul(dY, sub(1, square(y!)))],
})
/** dσ(x) = σ(x) · (1 − σ(x)). */
const sigmoidOp = primitive('Sigmoid', {
  type: sameType,
  gradient: ({ outputs: [y], dY }) => [() => mul(dY, mul(y!, sub(1, y!)))],
})
/** d erf x = 2/√π · exp(−x²). */
const erfOp = primitive('Erf', {
  type: sameType,
  gradient: ({ inputs: [x], dY }) => [() => mul(dY, mul(2 / Math.sqrt(Math.PI), exp(neg(square(x!)))))],
})
/** The gradient passes where x > 0. */
const reluOp = primitive('Relu', {
  type: sameType,
  gradient: ({ inputs: [x], dY }) => [() => mul(dY, cast(greater(x!, 0), 'float32'))],
})

export const add = (a: Operand, b: Operand) => addOp([value(a), value(b)])
export const sub = (a: Operand, b: Operand) => subOp([value(a), value(b)])
export const mul = (a: Operand, b: Operand) => mulOp([value(a), value(b)])
export const div = (a: Operand, b: Operand) => divOp([value(a), value(b)])
export const neg = (x: Value) => negOp([x])
export const exp = (x: Value) => expOp([x])
export const log = (x: Value) => logOp([x])
export const sqrt = (x: Value) => sqrtOp([x])
export const tanh = (x: Value) => tanhOp([x])
export const sigmoid = (x: Value) => sigmoidOp([x])
export const erf = (x: Value) => erfOp([x])
export const relu = (x: Value) => reluOp([x])
export const square = (x: Value) => mul(x, x)

const compared = (inputs: readonly Value[]) => ({ dtype: 'bool' as const, shape: binaryType(inputs).shape })
const greaterOp = primitive('Greater', { type: compared, gradient: () => [null, null] })
const lessOrEqualOp = primitive('LessOrEqual', { type: compared, gradient: () => [null, null] })
const greaterOrEqualOp = primitive('GreaterOrEqual', { type: compared, gradient: () => [null, null] })
export const greater = (a: Operand, b: Operand) => greaterOp([value(a), value(b)])
export const lessOrEqual = (a: Value, b: Value) => lessOrEqualOp([a, b])
export const greaterOrEqual = (a: Operand, b: Operand) => greaterOrEqualOp([value(a), value(b)])

const castOp = primitive('Cast', {
  type: ([x], { dtype }) => ({ dtype: dtype as Value['dtype'], shape: x!.shape }),
  attributes: ({ dtype }) => ({ to: elementTypes[dtype as Value['dtype']] }),
  gradient: () => [null],
})
/** Between element types; carries no gradient, since nothing that is trained crosses it. */
export const cast = (x: Value, dtype: Value['dtype']) => castOp([x], { dtype })

const whereOp = primitive('Where', {
  type: ([condition, a, b]) => ({
    dtype: a!.dtype,
    shape: broadcast(condition!.shape, binaryType([a!, b!]).shape),
  }),
  gradient: ({ inputs: [condition], dY }) => [
    null,
    () => whereOp([condition!, dY, constant(0)]),
    () => whereOp([condition!, constant(0), dY]),
  ],
})
/** a where the condition holds, else b. */
export const where = (condition: Value, a: Operand, b: Operand) => whereOp([condition, value(a), value(b)])
