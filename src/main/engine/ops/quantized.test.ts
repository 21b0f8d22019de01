/** Products in whole numbers beside those in float32, forward and backward, where each row has a size of its own. */
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../data/random'
import { toModel } from '../graph/compile'
import { constant, input } from '../graph/value'
import { signedProductsAreExact } from '../runtime/int8-products'
import { openSession } from '../runtime/session'
import { gradients, int8Product, mul, sum } from './index'

const [rows, inputs, outputs] = [40, 96, 72]
const random = seededRandom(7)
const normal = (length: number) => Float32Array.from({ length }, () => random.normal())

/** Rows that differ in size by e^±6, as hidden states and gradients do. */
const sized = (width: number) => {
  const values = normal(rows * width)
  return values.map((value, i) => value * Math.exp(6 * Math.sin(Math.floor(i / width))))
}
const x = sized(inputs)
const dY = sized(outputs)
const codes = Array.from({ length: inputs * outputs }, () => Math.round(254 * random.fraction() - 127))
const scales = Array.from({ length: outputs }, (_, o) => 0.001 * (1 + o))

/** Of each row the mean error beside its mean size; the largest of all rows. */
function worstRow(actual: ArrayLike<number>, expected: Float64Array, width: number): number {
  let worst = 0
  for (let row = 0; row < rows; row++) {
    let [error, size] = [0, 0]
    for (let i = row * width; i < (row + 1) * width; i++) {
      error += Math.abs(actual[i]! - expected[i]!)
      size += Math.abs(expected[i]!)
    }
    worst = Math.max(worst, error / size)
  }
  return worst
}

// int8 saturates on some processors; those get uint8.
const dtypes = (await signedProductsAreExact()) ? (['int8', 'uint8'] as const) : (['uint8'] as const)

describe.each(dtypes)('a matrix in %s', (dtype) => {
  it('multiplies each row to 1.5 %, forward and backward', async () => {
    const zero = dtype === 'uint8' ? 128 : 0
    const held = {
      matrix: constant(
        codes.map((code) => code + zero),
        [inputs, outputs],
        dtype,
      ),
      scales: constant(scales),
    }
    const given = input('x', 'float32', ['N', inputs])
    const y = int8Product(given, held)
    const loss = sum(mul(y, input('dY', 'float32', ['N', outputs])))
    const session = await openSession(toModel('product', { y, dX: gradients(loss, [given]).get(given)! }))
    const found = await session.run({ x: { data: x, shape: [rows, inputs] }, dY: { data: dY, shape: [rows, outputs] } })
    await session.close()
    const forward = new Float64Array(rows * outputs)
    const backward = new Float64Array(rows * inputs)
    for (let row = 0; row < rows; row++)
      for (let i = 0; i < inputs; i++)
        for (let o = 0; o < outputs; o++) {
          const weight = codes[i * outputs + o]! * scales[o]!
          forward[row * outputs + o]! += x[row * inputs + i]! * weight
          backward[row * inputs + i]! += dY[row * outputs + o]! * weight
        }
    expect(worstRow(found.y!.data as Float32Array, forward, outputs)).toBeLessThan(0.015)
    expect(worstRow(found.dX!.data as Float32Array, backward, inputs)).toBeLessThan(0.015)
  })
})
