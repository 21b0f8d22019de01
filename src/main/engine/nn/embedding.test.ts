import { describe, expect, it } from 'vitest'
import { toModel } from '../graph/compile'
import { input } from '../graph/value'
import { openSession } from '../runtime/session'
import { embedded } from './embedding'
import { tokenInputs } from './tokens'

const [V, D, alpha, scale] = [3, 64, 5, 2]

/** Embeddings less the table's rows: the noise alone, for tokens in rows of these lengths. */
async function noiseOf(rowLengths: number[], seed: number): Promise<Float32Array> {
  const N = rowLengths.length
  const words = embedded(input('table', 'float32', [V, D]), tokenInputs({ random: true, noiseAlpha: alpha }), scale)
  const session = await openSession(toModel('embedding', { words }))
  const ids = BigInt64Array.from(rowLengths, (_, i) => BigInt(i % V))
  const table = Float32Array.from({ length: V * D }, (_, i) => Math.floor(i / D))
  const { words: looked } = await session.run({
    table: { data: table, shape: [V, D] },
    ids: { data: ids, shape: [N] },
    rowLengths: { data: Float32Array.from(rowLengths), shape: [N] },
    tokenNumbers: { data: Uint32Array.from(rowLengths, (_, i) => i), shape: [N] },
    seed: { data: Uint32Array.of(seed), shape: [1] },
  })
  await session.close()
  return (looked!.data as Float32Array).map((value, i) => value - scale * (Math.floor(i / D) % V))
}

describe('NEFTune', () => {
  const lengths = [...Array(100).fill(10), ...Array(100).fill(1000)]

  it('adds noise within ±α / √(T · D), evenly, T the length of the row', async () => {
    const noise = await noiseOf(lengths, 1)
    for (const [tokens, length] of [
      [noise.subarray(0, 100 * D), 10],
      [noise.subarray(100 * D), 1000],
    ] as const) {
      const reach = alpha / Math.sqrt(length * D)
      const sizes = tokens.map(Math.abs)
      expect(Math.max(...sizes)).toBeLessThanOrEqual(reach * (1 + 1e-4))
      expect(Math.max(...sizes)).toBeGreaterThan(0.99 * reach)
      const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length
      expect(Math.abs(mean(tokens))).toBeLessThan(0.05 * reach)
      expect(mean(sizes)).toBeCloseTo(reach / 2, 2)
    }
  })

  it('draws the same for a seed, and otherwise for another', async () => {
    expect(await noiseOf([10, 10], 1)).toEqual(await noiseOf([10, 10], 1))
    expect(await noiseOf([10, 10], 2)).not.toEqual(await noiseOf([10, 10], 1))
  })
})
