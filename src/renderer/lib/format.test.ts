// @vitest-environment node
import { expect, it } from 'vitest'
import { about, bytes, compact, duration, loss, magnitude, plural, speed } from './format'

it.each([
  [duration(41.6), '42 s'],
  [duration(185), '3 min 5 s'],
  [duration(7800), '2 h 10 min'],
  [about(75), 'about 1 min 15 s'],
  [about(698), 'about 12 min'],
  [about(7800), 'about 2 h 10 min'],
  [bytes(999), '999 B'],
  [bytes(154_000), '154 kB'],
  [bytes(14_200_000), '14.2 MB'],
  [magnitude(37_800), '37.8k'],
  [magnitude(124_000_000), '124M'],
  [loss(0.51518), '0.5152'],
  [loss(0.00012), '1.20e-4'],
  [loss(null), '–'],
  [compact(0.0002), '2e-4'],
  [compact(0.0002145), '2.15e-4'],
  [compact(0.01), '0.01'],
  [compact(1_500_000), '1.5e6'],
  [compact(1e-10), '1e-10'],
  [speed(12.44), '12.4'],
  [speed(1203.6), '1,204'],
  [plural(1, 'row'), '1 row'],
  [plural(1200, 'row'), '1,200 rows'],
])('%s', (text, expected) => expect(text).toBe(expected))
