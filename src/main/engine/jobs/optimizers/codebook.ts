/**
 * The 256 values of bitsandbytes' dynamic 8-bit type, and the way to the nearest of them. In each of seven decades from
 * 1e-6 to 1 lie twice as many values as in the one below, evenly spread (Dettmers 2015, "8-bit approximations for
 * parallelism in deep learning"); besides there are 0 and 1, and in the signed type the negatives.
 */
export type Codebook = {
  /** `count` codes from a place on as values, times the scale. */
  decode(codes: Uint8Array, from: number, count: number, scale: number, into: Float32Array): void
  /** Writes the codes nearest to `count` values / scale from a place on, and returns the scale: the largest size. */
  encode(values: Float32Array, count: number, codes: Uint8Array, from: number): number
}

const decades = 7

export function dynamicCodebook(signed: boolean): Codebook {
  const book = valuesOf(signed)
  /** A value above middle[c] is nearer to code c + 1 than to c. */
  const middles = book.map((value, code) => (code < 255 ? (value + book[code + 1]!) / 2 : Infinity))
  const firstCodes = firstCodesOf(middles)
  return {
    decode(codes, from, count, scale, into) {
      for (let i = 0; i < count; i++) into[i] = book[codes[from + i]!]! * scale
    },
    encode(values, count, codes, from) {
      const scale = largest(values, count)
      const inverse = scale > 0 ? 1 / scale : 0
      for (let i = 0; i < count; i++) scaled[i] = values[i]! * inverse
      for (let i = 0; i < count; i++) {
        const value = scaled[i]!
        let code = firstCodes[bits[i]! >>> 16]!
        while (value > middles[code]!) code++
        codes[from + i] = code
      }
      return scale
    },
  }
}

/** A block's values as floats, and the same memory as bits. */
const scaled = new Float32Array(256)
const bits = new Uint32Array(scaled.buffer)

function largest(values: Float32Array, count: number): number {
  let most = 0
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    if (value > most) most = value
    else if (-value > most) most = -value
  }
  return most
}

/** All 256 values, ascending. */
function valuesOf(signed: boolean): Float32Array {
  const values = [0, 1]
  for (let decade = 0; decade < decades; decade++) {
    const count = signed ? 2 ** decade : 2 ** (decade + 1)
    for (let i = 0; i < count; i++) {
      const value = (0.1 + (0.9 * (i + 0.5)) / count) * 10 ** (decade - decades + 1)
      values.push(value, ...(signed ? [-value] : []))
    }
  }
  return Float32Array.from(values).sort()
}

/**
 * Where to begin to look for a float's code, by its upper 16 bits: the code of the least float that has them. A step or
 * two from there is the nearest one.
 */
function firstCodesOf(middles: Float32Array): Uint8Array {
  const least = new Float32Array(1)
  const pattern = new Uint32Array(least.buffer)
  return Uint8Array.from({ length: 1 << 16 }, (_, upper) => {
    pattern[0] = upper * 65_536 + (upper < 32_768 ? 0 : 65_535) // a negative float is least where its bits are most
    return middles.findIndex((middle) => !(least[0]! > middle))
  })
}
