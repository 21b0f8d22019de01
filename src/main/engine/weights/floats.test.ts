import { describe, expect, it } from 'vitest'
import { narrowToBfloat16, narrowToFloat16, widenBfloat16, widenFloat16 } from './floats'

const everyPattern = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)
const widened = (widen: typeof widenFloat16) => {
  const values = new Float32Array(65_536)
  widen(everyPattern, values)
  return values
}
const narrowed = (narrow: typeof narrowToFloat16, values: Float32Array | number[]) => {
  const out = new Uint16Array(values.length)
  narrow(Float32Array.from(values), out)
  return out
}

/** The value of an F16 pattern, by the definition. */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

/** The nearest of a format's finite values and infinity, by search: `values` ascending, ties to the even pattern. */
function nearest(value: number, values: number[]): number {
  let low = 0
  let high = values.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (values[middle]! <= value) low = middle
    else high = middle
  }
  const [below, above] = [value - values[low]!, values[high]! - value]
  if (below === above) return low % 2 === 0 ? low : high
  return below < above ? low : high
}

/** Positive values between and around neighbours of the format, where rounding decides. */
function* probes(values: number[]): Generator<number> {
  for (let i = 0; i + 1 < values.length; i++) {
    const [a, b] = [values[i]!, values[i + 1]!]
    const middle = (a + b) / 2
    for (const value of [a, middle, a + (b - a) / 4, a + (3 * (b - a)) / 4]) yield Math.fround(value)
    yield Math.fround(middle * (1 + 2 ** -23))
    yield Math.fround(middle * (1 - 2 ** -24))
  }
}

const isNaNPattern = (bits: number, exponentMask: number, fractionMask: number) =>
  (bits & exponentMask) === exponentMask && (bits & fractionMask) !== 0

describe('F16', () => {
  it('widens every pattern exactly', () => {
    const values = widened(widenFloat16)
    for (let bits = 0; bits < 65_536; bits++)
      if (!Object.is(values[bits], float16Value(bits)))
        expect.fail(`${bits}: ${values[bits]}, expected ${float16Value(bits)}`)
  })

  it('narrows what was widened to the same pattern, NaN to a NaN', () => {
    const back = narrowed(narrowToFloat16, widened(widenFloat16))
    for (let bits = 0; bits < 65_536; bits++) {
      const nan = isNaNPattern(bits, 0x7c00, 0x3ff)
      if (nan ? !isNaNPattern(back[bits]!, 0x7c00, 0x3ff) : back[bits] !== bits)
        expect.fail(`${bits} became ${back[bits]}`)
    }
  })

  it('rounds to the nearest, ties to even, between every two neighbours', () => {
    const finite = Array.from({ length: 0x7c00 }, (_, bits) => float16Value(bits))
    const values = [...finite, 65_536]
    const inputs = [...probes(values)]
    const bits = narrowed(narrowToFloat16, inputs)
    for (const [i, input] of inputs.entries())
      if (bits[i] !== nearest(input, values))
        expect.fail(`${input} became ${bits[i]}, expected ${nearest(input, values)}`)
  })

  it('turns what is too large into infinity and what is too small into zero, with its sign', () => {
    const bits = narrowed(narrowToFloat16, [65_519, 65_520, -1e9, 2 ** -25, 2 ** -25 * 1.0001, -1e-30, -0])
    expect([...bits]).toEqual([0x7bff, 0x7c00, 0xfc00, 0, 1, 0x8000, 0x8000])
  })
})

describe('BF16', () => {
  it('widens every pattern to the F32 with those upper bits', () => {
    const bits = new Uint32Array(widened(widenBfloat16).buffer)
    for (let i = 0; i < 65_536; i++) if (bits[i] !== i * 65_536) expect.fail(`${i} became ${bits[i]}`)
  })

  it('narrows what was widened to the same pattern, NaN to a NaN', () => {
    const back = narrowed(narrowToBfloat16, widened(widenBfloat16))
    for (let bits = 0; bits < 65_536; bits++) {
      const nan = isNaNPattern(bits, 0x7f80, 0x7f)
      if (nan ? !isNaNPattern(back[bits]!, 0x7f80, 0x7f) : back[bits] !== bits)
        expect.fail(`${bits} became ${back[bits]}`)
    }
  })

  it('rounds to the nearest, ties to even, between every two neighbours', () => {
    const finite = [...widened(widenBfloat16).subarray(0, 0x7f80)]
    const values = [...finite, 2 ** 128]
    const inputs = [...probes(finite), 3.3895314e38, 3.396e38]
    const bits = narrowed(narrowToBfloat16, inputs)
    for (const [i, input] of inputs.entries())
      if (bits[i] !== nearest(input, values))
        expect.fail(`${input} became ${bits[i]}, expected ${nearest(input, values)}`)
  })

  it('keeps a NaN whose fraction lies in the lower bits alone', () => {
    const value = new Float32Array(new Uint32Array([0x7f80_0001]).buffer)
    const out = new Uint16Array(1)
    narrowToBfloat16(value, out)
    expect(out[0]).toBe(0x7fc0)
  })
})
