/**
 * NF4 and FP4 in blocks of 64, bit for bit as bitsandbytes quantizes on a CPU: each block is divided by its largest
 * absolute value, each quotient replaced by the nearest code, two codes to a byte, the first in the high half.
 * Source: bitsandbytes 0.50, `quantize_4bit` and `dequantize_4bit`.
 */
import { ascendingCodes, type FourBitType, fourBitValues } from './codes'

export const fourBitBlock = 64

export type FourBit = {
  /** ⌈values / 2⌉ bytes. */
  packed: Uint8Array<ArrayBuffer>
  /** The largest absolute value of each block. */
  absmax: Float32Array<ArrayBuffer>
}

/** Quantizes values that come in slices; every slice but the last holds whole blocks. */
export function fourBitQuantizer(type: FourBitType, count: number) {
  const blocks = Math.ceil(count / fourBitBlock)
  const packed = new Uint8Array(Math.ceil(count / 2))
  const absmax = new Float32Array(blocks)
  const codeOf = coder(type)
  let done = 0
  return {
    add(values: Float32Array) {
      if (done % fourBitBlock !== 0 || done + values.length > count)
        throw new Error(`${values.length} values cannot follow ${done} of ${count}.`)
      for (let at = 0; at < values.length; at += fourBitBlock, done += fourBitBlock) {
        const length = Math.min(fourBitBlock, values.length - at)
        absmax[done / fourBitBlock] = packBlock(values, at, length, packed, done >> 1, codeOf)
      }
    },
    result: (): FourBit => ({ packed, absmax }),
  }
}

/** Packs one block. @returns its largest absolute value */
function packBlock(
  values: Float32Array,
  at: number,
  length: number,
  packed: Uint8Array,
  byte: number,
  codeOf: (quotient: number) => number,
): number {
  let largest = 0
  for (let i = at; i < at + length; i++) largest = Math.max(largest, Math.abs(values[i]!))
  const divisor = Math.max(largest, Math.fround(1e-38))
  const whole = length === fourBitBlock
  const factor = Math.fround(1 / divisor)
  // A whole block is multiplied by the reciprocal; the rest at the end is divided, which may round otherwise.
  const quotient = (i: number) => Math.fround(whole ? values[i]! * factor : values[i]! / divisor)
  for (let i = at; i < at + length; i += 2) {
    const low = i + 1 < at + length ? codeOf(quotient(i + 1)) : codeOf(0)
    packed[byte++] = (codeOf(quotient(i)) << 4) | low
  }
  return whole ? largest : divisor
}

/** Cells of [−1, 1] so narrow that a cell holds few bounds between codes. */
const cells = 1024

/** Nearest code of a quotient in [−1, 1]; on a bound between two the lower one. */
function coder(type: FourBitType): (quotient: number) => number {
  const order = ascendingCodes[type]
  const sorted = Float32Array.from(order, (code) => fourBitValues[type][code]!)
  const bounds = Float32Array.from({ length: 16 }, (_, i) =>
    i < 15 ? Math.fround(sorted[i]! + sorted[i + 1]!) / 2 : Number.POSITIVE_INFINITY,
  )
  const edge = (cell: number) => (2 * (cell - 1)) / cells - 1
  const first = Uint8Array.from({ length: cells + 2 }, (_, cell) => bounds.filter((bound) => bound < edge(cell)).length)
  return (quotient) => {
    let place = first[((quotient + 1) * (cells / 2)) | 0]!
    while (quotient > bounds[place]!) place++
    return order[place]!
  }
}

/** Values [count] of packed codes and block maxima. */
export function dequantizeFourBit(
  type: FourBitType,
  { packed, absmax }: FourBit,
  count: number,
  block = fourBitBlock,
): Float32Array<ArrayBuffer> {
  const values = fourBitValues[type]
  const out = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const byte = packed[i >> 1]!
    out[i] = values[i % 2 ? byte & 15 : byte >> 4]! * absmax[Math.floor(i / block)]!
  }
  return out
}
