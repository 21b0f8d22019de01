/**
 * The mean of float32 values as torch computes it in one thread of a processor with AVX2: 32 running sums (4 vectors of
 * 8) in a cascade of four levels, so that large sums meet large sums. The order decides about the last bit, and double
 * quantization keeps that bit for good.
 * Source: PyTorch, ATen/native/cpu/SumKernel.cpp.
 */
const vector = 8
const strands = 4
const levels = 4

/** @returns a float32 */
export function meanOf(values: Float32Array): number {
  return Math.fround(sumOf(values) / values.length)
}

function sumOf(values: Float32Array): number {
  if (values.length < vector) return strandSums(values, 1)[0]!
  const vectors = Math.floor(values.length / vector)
  const sums = strandSums(values.subarray(0, vectors * vector), vector)
  let total = 0
  for (let i = vectors * vector; i < values.length; i++) total = Math.fround(total + values[i]!)
  for (const sum of sums) total = Math.fround(total + sum)
  return total
}

/** The sum of vectors of `width` values that lie one after the other: [vectors · width] → [width]. */
function strandSums(values: Float32Array, width: number): Float32Array {
  const count = values.length / width
  const rounds = Math.floor(count / strands)
  const sums = cascade(values.subarray(0, rounds * strands * width), strands * width)
  const add = (from: Float32Array) => {
    for (let i = 0; i < width; i++) sums[i]! += from[i]!
  }
  for (let i = rounds * strands; i < count; i++) add(values.subarray(i * width))
  for (let strand = 1; strand < strands; strand++) add(sums.slice(strand * width, (strand + 1) * width))
  return sums.slice(0, width)
}

/** Running sums over rows of `width` values; every 2^power additions a level is emptied into the next one. */
function cascade(values: Float32Array, width: number): Float32Array {
  const rows = values.length / width
  const power = Math.max(4, Math.floor(Math.ceil(Math.log2(Math.max(1, rows))) / levels))
  const step = 2 ** power
  const sums = Array.from({ length: levels }, () => new Float32Array(width))
  let row = 0
  const add = () => {
    for (let i = 0; i < width; i++) sums[0]![i]! += values[row * width + i]!
    row++
  }
  while (row + step <= rows) {
    for (let i = 0; i < step; i++) add()
    for (let level = 1; level < levels; level++) {
      pour(sums[level - 1]!, sums[level]!)
      sums[level - 1]!.fill(0)
      if (Math.floor(row / step ** level) % step !== 0) break
    }
  }
  while (row < rows) add()
  for (let level = 1; level < levels; level++) pour(sums[level]!, sums[0]!)
  return sums[0]!
}

function pour(from: Float32Array, into: Float32Array) {
  for (let i = 0; i < into.length; i++) into[i]! += from[i]!
}
