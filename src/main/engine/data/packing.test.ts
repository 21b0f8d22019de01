import { describe, expect, it } from 'vitest'
import { packRows } from './packing'
import { seededRandom } from './random'

describe('packing', () => {
  it('puts each row where the least room is left over, the longest first', () => {
    // 7 opens a sequence, 6 another; 3 fills the first to the brim, 2 and 2 the second.
    expect(packRows([2, 7, 3, 6, 2], 10)).toEqual([
      [0, 3, 4],
      [1, 2],
    ])
  })

  it('takes rows of the whole length and of none', () => {
    expect(packRows([4, 0, 4], 4)).toEqual([[0], [1, 2]])
    expect(packRows([], 4)).toEqual([])
  })

  it('loses no row, overfills no sequence, and wastes little', () => {
    const random = seededRandom(1)
    const lengths = Array.from({ length: 500 }, () => 1 + random.below(100))
    const sequences = packRows(lengths, 128)
    expect(sequences.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, row) => row))
    const used = sequences.map((rows) => rows.reduce((sum, row) => sum + lengths[row]!, 0))
    expect(Math.max(...used)).toBeLessThanOrEqual(128)
    const tokens = lengths.reduce((sum, length) => sum + length, 0)
    expect(sequences.length).toBeLessThan((1.05 * tokens) / 128)
    expect(packRows(lengths, 128)).toEqual(sequences)
  })
})
