/**
 * Adding an adapter to the matrix it stands beside: W + s · B·A, and with DoRA m / ‖W + s·B·A‖ times that; transposed
 * where the checkpoint stores [inputs, outputs] (GPT-2's Conv1D). Sums are taken in double precision and rounded once.
 * Source: peft, `LoraLayer.get_delta_weight`, `DoraLinearVariant.merge_safe` and `merge_and_unload`.
 */
import type { LinearLayer } from '../nn/weights'

export type LowRank = {
  /** [r, inputs] */
  a: Float32Array
  /** [outputs, r] */
  b: Float32Array
  r: number
  inputs: number
  outputs: number
  /** s */
  scale: number
}

/** Adds to `matrix` in place. */
export function addLowRank(matrix: Float32Array, adapter: LowRank, stored: 'in-out' | 'out-in'): void {
  const { a, b, r, inputs, outputs, scale } = adapter
  if (stored === 'out-in') addProduct(matrix, b, a, [outputs, r, inputs], scale)
  else addProduct(matrix, transposed(a, r, inputs), transposed(b, outputs, r), [inputs, r, outputs], scale)
}

/** Gives the part of `matrix` that makes each output the length in `magnitude` [outputs], in place. */
export function rescaleOutputs(
  matrix: Float32Array,
  magnitude: Float32Array,
  { inputs, outputs, stored }: Pick<LinearLayer, 'inputs' | 'outputs' | 'stored'>,
): void {
  const [ofOutput, ofInput] = stored === 'out-in' ? [inputs, 1] : [1, outputs]
  for (let output = 0; output < outputs; output++) {
    const start = output * ofOutput
    let squares = 0
    for (let i = 0; i < inputs; i++) squares += matrix[start + i * ofInput]! ** 2
    const factor = magnitude[output]! / Math.sqrt(squares)
    for (let i = 0; i < inputs; i++) matrix[start + i * ofInput]! *= factor
  }
}

/** matrix [M, N] += scale · left [M, K] · right [K, N] */
function addProduct(
  matrix: Float32Array,
  left: Float32Array,
  right: Float32Array,
  [M, K, N]: [number, number, number],
  scale: number,
): void {
  const sums = new Float64Array(N)
  for (let m = 0; m < M; m++) {
    sums.fill(0)
    for (let k = 0; k < K; k++) {
      const factor = left[m * K + k]!
      if (factor === 0) continue
      for (let n = 0; n < N; n++) sums[n]! += factor * right[k * N + n]!
    }
    for (let n = 0; n < N; n++) matrix[m * N + n]! += scale * sums[n]!
  }
}

/** [rows, columns] → [columns, rows] */
function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) out[column * rows + row] = values[row * columns + column]!
  return out
}
