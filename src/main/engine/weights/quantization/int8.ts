/**
 * Matrices in 8 bits: W[i, o] ≈ scale[o] · code[i, o], the scale such that the largest absolute value of an output
 * becomes 127. Codes lie [inputs, outputs], as the forward product reads them.
 */

export type Int8 = {
  /** code + `zero`, as bytes. */
  codes: Uint8Array<ArrayBuffer>
  /** [outputs] */
  scales: Float32Array<ArrayBuffer>
}

/** `zero`: 0 makes int8, 128 makes uint8. */
type Int8Shape = { inputs: number; outputs: number; zero: 0 | 128 }

const largestCode = 127

/** Quantizes a matrix stored [outputs, inputs] that comes in slices of whole rows. */
export function int8Quantizer({ inputs, outputs, zero }: Int8Shape) {
  const codes = new Uint8Array(inputs * outputs)
  const scales = new Float32Array(outputs)
  let output = 0
  return {
    add(rows: Float32Array) {
      for (let at = 0; at < rows.length; at += inputs, output++) {
        let largest = 0
        for (let i = at; i < at + inputs; i++) largest = Math.max(largest, Math.abs(rows[i]!))
        scales[output] = largest / largestCode
        const factor = largest > 0 ? largestCode / largest : 0
        for (let i = 0; i < inputs; i++) codes[i * outputs + output] = Math.round(rows[at + i]! * factor) + zero
      }
    },
    result: (): Int8 => ({ codes, scales }),
  }
}

/** Quantizes a matrix stored [inputs, outputs]. */
export function quantizeInt8Columns(matrix: Float32Array, { inputs, outputs, zero }: Int8Shape): Int8 {
  const codes = new Uint8Array(inputs * outputs)
  const largest = new Float32Array(outputs)
  for (let at = 0; at < matrix.length; at += outputs)
    for (let o = 0; o < outputs; o++) largest[o] = Math.max(largest[o]!, Math.abs(matrix[at + o]!))
  const factors = Float64Array.from(largest, (value) => (value > 0 ? largestCode / value : 0))
  for (let at = 0; at < matrix.length; at += outputs)
    for (let o = 0; o < outputs; o++) codes[at + o] = Math.round(matrix[at + o]! * factors[o]!) + zero
  return { codes, scales: largest.map((value) => value / largestCode) }
}
