/**
 * Double quantization: the block maxima of a 4-bit tensor, less their mean, in 8 bits and blocks of 256, bit for bit as
 * bitsandbytes does it on a CPU. It looks a quotient up in a table of 65,536 places, so the nearest code is that of the
 * place and not always that of the quotient.
 * Source: bitsandbytes 0.50, `quantize_4bit(compress_statistics=True)` and its CPU library's blockwise quantization.
 */
import { dynamicMap } from './codes'
import { meanOf } from './mean'

export const nestedBlock = 256

export type Nested = {
  /** A byte for each block of the 4-bit tensor. */
  bytes: Uint8Array<ArrayBuffer>
  /** The largest absolute value of each block of 256. */
  absmax: Float32Array<ArrayBuffer>
  /** What was taken off before. */
  offset: number
  /** The 256 values that the bytes stand for. */
  map: Float32Array<ArrayBuffer>
}

export function quantizeNested(blockMaxima: Float32Array): Nested {
  const offset = meanOf(blockMaxima)
  const bytes = new Uint8Array(blockMaxima.length)
  const absmax = new Float32Array(Math.ceil(blockMaxima.length / nestedBlock))
  const shifted = blockMaxima.map((value) => value - offset)
  absmax.forEach((_, block) => {
    const from = block * nestedBlock
    const values = shifted.subarray(from, from + nestedBlock)
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    absmax[block] = largest
    if (largest === 0) return // the bytes of such a block are 0, whatever that stands for
    const factor = Math.fround(1 / largest)
    values.forEach((value, i) => {
      bytes[from + i] = nearest()[placeOf(Math.fround(value * factor))]!
    })
  })
  return { bytes, absmax, offset, map: map().slice() }
}

/** The block maxima again. */
export function dequantizeNested(
  { bytes, absmax, offset, map }: Nested,
  block = nestedBlock,
): Float32Array<ArrayBuffer> {
  const out = new Float32Array(bytes.length)
  for (let i = 0; i < out.length; i++) out[i] = Math.fround(map[bytes[i]!]! * absmax[Math.floor(i / block)]!) + offset
  return out
}

const places = 65536

/** Place of a quotient in the table. The last product and sum are rounded once, as a fused multiply-add. */
const placeOf = (quotient: number): number => {
  const clamped = Math.min(1, Math.max(-1, quotient))
  return Math.trunc(Math.fround(Math.fround(Math.fround(clamped + 1) / 2) * (places - 1) + 0.5))
}

let knownMap: Float32Array<ArrayBuffer> | undefined
const map = () => {
  knownMap ??= new Float32Array(dynamicMap())
  return knownMap
}

let knownTable: Uint8Array | undefined
/** The nearest code of each place of [−1, 1]; on a bound between two the lower one. */
function nearest(): Uint8Array {
  if (knownTable) return knownTable
  const bounds = map().map((value, i) => Math.fround(value + (map()[i + 1] ?? Number.POSITIVE_INFINITY)) / 2)
  let code = 0
  knownTable = Uint8Array.from({ length: places }, (_, place) => {
    const value = Math.fround(-1 + Math.fround((2 * place) / (places - 1)))
    while (code < 255 && bounds[code]! < value) code++
    return code
  })
  return knownTable
}
