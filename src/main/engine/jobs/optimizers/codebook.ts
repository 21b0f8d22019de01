/** bitsandbytes' dynamic 8-bit type (Dettmers 2016), and the fast way to the code nearest to a value. */
import { dynamicMap } from '../../weights/quantization/codes'

export type Codebook = {
  /** `into.length` codes from a place on as values, times the scale. */
  decode(codes: Uint8Array, from: number, scale: number, into: Float32Array): void
  /** Writes the codes nearest to values / scale from a place on, and returns the scale: the largest absolute value. */
  encode(values: Float32Array, codes: Uint8Array, from: number): number
}

export function dynamicCodebook(signed: boolean): Codebook {
  const book = dynamicMap(signed)
  /** A value above middle[c] is nearer to code c + 1 than to c. */
  const middles = book.map((value, code) => (code < 255 ? (value + book[code + 1]!) / 2 : Infinity))
  const firstCodes = firstCodesOf(middles)
  return {
    decode(codes, from, scale, into) {
      for (let i = 0; i < into.length; i++) into[i] = book[codes[from + i]!]! * scale
    },
    encode(values, codes, from) {
      const scale = largest(values)
      const inverse = scale > 0 ? 1 / scale : 0
      for (let i = 0; i < values.length; i++) scaled[i] = values[i]! * inverse
      for (let i = 0; i < values.length; i++) {
        let code = firstCodes[bits[i]! >>> 16]!
        while (scaled[i]! > middles[code]!) code++
        codes[from + i] = code
      }
      return scale
    },
  }
}

/** A block's values as floats, and the same memory as bits. */
const scaled = new Float32Array(256)
const bits = new Uint32Array(scaled.buffer)

function largest(values: Float32Array): number {
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size > most) most = size
  }
  return most
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
    const code = middles.findIndex((middle) => !(least[0]! > middle))
    return code
  })
}
