/**
 * Half-width floats, to and from F32. Widening is exact; narrowing rounds to the nearest, ties to even, as PyTorch's
 * `tensor.half()` and `tensor.bfloat16()` do. NaN stays NaN (quiet), too large becomes infinity, small values become
 * subnormals. All arrays are little-endian, as every machine is that ONNX Runtime is built for.
 * Sources: IEEE 754-2019 §3.4 (binary16: 1 sign, 5 exponent, 10 fraction bits) and the upper half of binary32 (bf16).
 */

let wideFloat16: Uint32Array | null = null

/** F16 bits → values; `out` has the same length. */
export function widenFloat16(bits: Uint16Array, out: Float32Array): void {
  wideFloat16 ??= float16Table()
  const table = wideFloat16
  const outBits = new Uint32Array(out.buffer, out.byteOffset, out.length)
  for (let i = 0; i < bits.length; i++) outBits[i] = table[bits[i]!]!
}

/** BF16 bits → values; `out` has the same length. */
export function widenBfloat16(bits: Uint16Array, out: Float32Array): void {
  const outBits = new Uint32Array(out.buffer, out.byteOffset, out.length)
  for (let i = 0; i < bits.length; i++) outBits[i] = bits[i]! << 16
}

/** Values → F16 bits; `out` has the same length. */
export function narrowToFloat16(values: Float32Array, out: Uint16Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < bits.length; i++) out[i] = float16Bits(bits[i]!)
}

/** Values → BF16 bits; `out` has the same length. */
export function narrowToBfloat16(values: Float32Array, out: Uint16Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < bits.length; i++) out[i] = bfloat16Bits(bits[i]!)
}

/** The F32 bits of every F16 pattern: 65,536 entries, made once. */
function float16Table(): Uint32Array {
  const table = new Uint32Array(65_536)
  for (let half = 0; half < 65_536; half++) table[half] = widerBits(half)
  return table
}

function widerBits(half: number): number {
  const sign = (half & 0x8000) << 16
  const exponent = (half >>> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0x1f) return sign | 0x7f80_0000 | (fraction << 13)
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // A subnormal, fraction × 2^-24: move its leading one to bit 10, which F32 leaves unwritten.
  const shift = Math.clz32(fraction) - 21
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)
}

function float16Bits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fff_ffff
  if (magnitude > 0x7f80_0000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x1ff)
  // From 65,520 on, half-way between the largest F16 and the next power of two, the nearest is infinity.
  if (magnitude >= 0x477f_f000) return sign | 0x7c00
  // A carry out of the rounded fraction adds one to the exponent, which is what it should do.
  if (magnitude >= 0x3880_0000) return sign | roundedShift(magnitude - 0x3800_0000, 13)
  // Below 2^-14: a multiple of 2^-24. Below 2^-25 nothing is left.
  const exponent = magnitude >>> 23
  if (exponent < 102) return sign
  return sign | roundedShift((magnitude & 0x007f_ffff) | 0x0080_0000, 126 - exponent)
}

function bfloat16Bits(bits: number): number {
  if ((bits & 0x7fff_ffff) > 0x7f80_0000) return (bits >>> 16) | 0x40
  return roundedShift(bits, 16)
}

/** bits / 2^shift to the nearest whole number, ties to even. */
function roundedShift(bits: number, shift: number): number {
  const odd = (bits >>> shift) & 1
  return (bits + (1 << (shift - 1)) - 1 + odd) >>> shift
}
