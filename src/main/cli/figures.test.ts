import { describe, expect, it } from 'vitest'
import { bytes, count, duration, fixed, magnitude, plural, scientific } from './figures'

describe('figures', () => {
  it.each([
    [bytes(0), '0 B'],
    [bytes(999), '999 B'],
    [bytes(1_000), '1 kB'],
    [bytes(14_230_000), '14.2 MB'],
    [bytes(5e15), '5000 TB'],
    [bytes(null), '–'],
    [magnitude(512), '512'],
    [magnitude(4_500), '4.50K'],
    [magnitude(124_439_808), '124M'],
    [magnitude(1.5e9), '1.50B'],
    [duration(0.4), '0:00'],
    [duration(61), '1:01'],
    [duration(3_725), '1:02:05'],
    [duration(Number.POSITIVE_INFINITY), '–'],
    [count(1_234_567.4), '1,234,567'],
    [fixed(1.23456), '1.2346'],
    [scientific(0.0002), '2.00e-4'],
    [scientific(0), '0'],
    [plural(1, 'row'), '1 row'],
    [plural(0, 'row'), '0 rows'],
  ])('%s', (written, expected) => {
    expect(written).toBe(expected)
  })
})
