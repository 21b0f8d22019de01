/**
 * The values that quantized bytes stand for.
 * Sources: Dettmers et al. 2023, "QLoRA" (NF4, FP4, double quantization); Dettmers 2016, "8-bit approximations for
 * parallelism in deep learning" (the dynamic map); numbers as bitsandbytes has them.
 */
import { EngineError } from '../../protocol'

export type FourBitType = 'nf4' | 'fp4'

/** Quantiles of the normal distribution, scaled to [−1, 1] and with an exact zero. */
const nf4 = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
  -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
  0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
]
/** A sign, two bits of exponent and one of fraction; the largest is 12. */
const fp4 = [0, 0.0625, 8, 12, 4, 6, 2, 3].map((value) => value / 12)

/** The sixteen values by their code. */
export const fourBitValues: Readonly<Record<FourBitType, Float32Array>> = {
  nf4: Float32Array.from(nf4),
  fp4: Float32Array.from([...fp4, ...fp4.map((value) => 0 - value)]),
}

/** Codes in the order of their values; of FP4's two zeros, 0 comes before 8. */
export const ascendingCodes: Readonly<Record<FourBitType, Uint8Array>> = {
  nf4: Uint8Array.from(nf4, (_, code) => code),
  fp4: Uint8Array.of(11, 10, 13, 12, 15, 14, 9, 0, 8, 1, 6, 7, 4, 5, 2, 3),
}

/**
 * The dynamic 8-bit map: seven decades below 1, each with twice the values of the one below it, their means between
 * even steps from 0.1 to 1; both signs, or positive alone and twice as many; 0 and 1. 256 values in ascending order.
 */
export function dynamicMap(signed = true): Float32Array {
  const values = [0, 1]
  for (let decade = 0; decade < 7; decade++) {
    const factor = Math.fround(10 ** (decade - 6))
    for (const mean of meansBetweenSteps(2 ** (signed ? decade : decade + 1))) {
      const value = Math.fround(factor * mean)
      values.push(value, ...(signed ? [-value] : []))
    }
  }
  return Float32Array.from(values).sort()
}

/** Means of neighbours among count + 1 even steps from 0.1 to 1, each operation rounded to float32. */
function meansBetweenSteps(count: number): number[] {
  const width = Math.fround(Math.fround(Math.fround(1) - Math.fround(0.1)) / count)
  const step = (i: number) =>
    i < (count + 1) / 2 ? Math.fround(Math.fround(0.1) + width * i) : Math.fround(1 - width * (count - i))
  return Array.from({ length: count }, (_, i) => Math.fround(Math.fround(step(i) + step(i + 1)) / 2))
}

/** The type of a map of 16 values, as a checkpoint carries it. @throws EngineError `bad_model` when it is none of ours. */
export function typeOfValues(values: Float32Array, where: string): FourBitType {
  const found = (['nf4', 'fp4'] as const).find((type) => values.every((value, i) => value === fourBitValues[type][i]))
  if (!found || values.length !== 16)
    throw new EngineError('bad_model', `${where}: the map of 4-bit values is neither NF4's nor FP4's.`)
  return found
}
