/**
 * Random numbers without a state: a hash of the step's seed, the place in the model and the element's coordinates, so
 * that a run resumed at any step draws what an unbroken run would have drawn. The mixer is `lowbias32`
 * (Wellons 2018), on unsigned 32-bit integers that wrap.
 */
import { broadcast } from '../graph/shapes'
import { constant, type Value } from '../graph/value'
import { add, cast, greaterOrEqual, mul, sub } from './arithmetic'
import { primitive } from './primitive'
import { reshape } from './shape'

const shiftRight = primitive('BitShift', {
  type: ([x]) => ({ dtype: x!.dtype, shape: x!.shape }),
  attributes: () => ({ direction: 'RIGHT' }),
})
const xor = primitive('BitwiseXor', {
  type: ([a, b]) => ({ dtype: a!.dtype, shape: broadcast(a!.shape, b!.shape) }),
})
const word = (value: number) => constant(value >>> 0, [], 'uint32')
const folded = (x: Value, bits: number) => xor([x, shiftRight([x, word(bits)])])

function mixed(x: Value): Value {
  const once = mul(folded(x, 16), word(0x7feb352d))
  return folded(mul(folded(once, 15), word(0x846ca68b)), 16)
}

/** What dropout draws from: the step's seed [1] and the number of each token [N], both uint32. */
export type Randomness = { seed: Value; rows: Value }

/** Numbers 0 … count − 1 along one axis of a rank, to serve as a coordinate. */
export const coordinate = (count: number, axis: number, rank: number) =>
  constant(
    Array.from({ length: count }, (_, i) => i),
    Array.from({ length: rank }, (_, i) => (i === axis ? count : 1)),
    'uint32',
  )

/** What draws at one place of a model: its number (the salt), the step's seed, and coordinates (uint32) that broadcast. */
export type Draw = { salt: number; seed: Value; coordinates: readonly Value[] }

/** Numbers in [0, 1), one for each combination of the coordinates. */
function uniform({ salt, seed, coordinates }: Draw): Value {
  const start = mixed(add(seed, word(Math.imul(salt + 1, 0x9e3779b1))))
  const hash = coordinates.reduce((sofar, place) => mixed(add(mul(place, word(0x85ebca77)), sofar)), start)
  return mul(cast(shiftRight([hash, word(8)]), 'float32'), 2 ** -24)
}

/**
 * Inverted dropout (Srivastava et al. 2014): each element of x is zero with the given probability, the others grow so
 * that the mean stays. The coordinates broadcast to x's shape.
 */
export function dropoutAt(x: Value, probability: number, draw: Draw): Value {
  const kept = cast(greaterOrEqual(uniform(draw), probability), 'float32')
  return mul(x, mul(kept, 1 / (1 - probability)))
}

/** Dropout of packed tokens: x [N, D]. */
export const dropout = (x: Value, probability: number, salt: number, randomness: Randomness): Value =>
  probability === 0 ? x : dropoutAt(x, probability, drawOf(x, salt, randomness))

/** Packed tokens x [N, D] with noise from −reach to reach added, reach [N, 1]. */
export const noisy = (x: Value, reach: Value, salt: number, randomness: Randomness): Value =>
  add(x, mul(sub(mul(uniform(drawOf(x, salt, randomness)), 2), 1), reach))

const drawOf = (x: Value, salt: number, { seed, rows }: Randomness): Draw => ({
  salt,
  seed,
  coordinates: [reshape(rows, ['N', 1]), coordinate(Number(x.shape[1]), 1, 2)],
})
