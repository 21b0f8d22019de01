/**
 * Seeded random numbers, the same on every machine: xoshiro128**, its state filled by SplitMix32.
 * Sources: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021), public-domain reference code;
 * the 32-bit mixer is MurmurHash3's finaliser, as in SplitMix. Not for secrets.
 */

export type Random = {
  /** A whole number in [0, 2³²). */
  uint32(): number
  /** A number in [0, 1) with 53 random bits. */
  fraction(): number
  /** A whole number in [0, limit), each as likely as the others. `limit` ≤ 2³². */
  below(limit: number): number
  /** A number from the standard normal distribution. */
  normal(): number
  /** Puts the items in random order, in place. */
  shuffle<T>(items: T[]): T[]
}

/** Streams with any part different are independent: `seededRandom(seed, epoch)`. Parts are whole numbers below 2⁵³. */
export function seededRandom(...parts: number[]): Random {
  const uint32 = xoshiro128(...stateFrom(parts))
  const fraction = () => ((uint32() >>> 5) * 67_108_864 + (uint32() >>> 6)) / 9_007_199_254_740_992
  const below = (limit: number) => {
    const fair = 2 ** 32 - (2 ** 32 % limit)
    for (;;) {
      const drawn = uint32()
      if (drawn < fair) return drawn % limit
    }
  }
  return { uint32, fraction, below, normal: () => gaussian(fraction), shuffle: (items) => shuffled(items, below) }
}

/** Each part stirs the state that the parts before it left. */
function stateFrom(parts: number[]): [number, number, number, number] {
  let state = 0x6d2b_79f5
  for (const part of parts) {
    state = mixed((state ^ part) | 0)
    state = mixed((state + Math.floor(part / 2 ** 32) + 0x9e37_79b9) | 0)
  }
  const next = () => {
    state = (state + 0x9e37_79b9) | 0
    return mixed(state)
  }
  return [next(), next(), next(), next() | 1]
}

function mixed(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

function xoshiro128(s0: number, s1: number, s2: number, s3: number): () => number {
  const rotate = (bits: number, by: number) => (bits << by) | (bits >>> (32 - by))
  return () => {
    const result = Math.imul(rotate(Math.imul(s1, 5), 7), 9) >>> 0
    const shifted = s1 << 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = rotate(s3, 11)
    return result
  }
}

/** Box and Muller, the cosine half. */
const gaussian = (fraction: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction())

/** Fisher and Yates. */
function shuffled<T>(items: T[], below: (limit: number) => number): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = below(last + 1)
    const item = items[last]!
    items[last] = items[other]!
    items[other] = item
  }
  return items
}
