/**
 * How fast each pair of a head turns from one place to the next, by the kind of rotary embedding that a configuration
 * names. r of a head's values are turned, so there are r / 2 frequencies.
 * Sources: Su et al. 2021; Chen et al. 2023 (linear); Peng et al. 2023 (dynamic NTK, YaRN); Ding et al. 2024 (LongRoPE);
 * Llama 3.1's model card; all as in transformers' `modeling_rope_utils.py`, float32 where that computes in float32.
 */

/** Parameters named as in `config.json`, with what is left out there filled in. */
export type Rope = {
  rope_theta: number
  /** r: how many of a head's values are turned. */
  turned: number
  max_position_embeddings: number
} & (
  | { rope_type: 'default' }
  | { rope_type: 'linear' | 'dynamic'; factor: number }
  | ({ rope_type: 'llama3' } & Llama3)
  | ({ rope_type: 'yarn' } & Yarn)
  | ({ rope_type: 'longrope' } & LongRope)
)
type Llama3 = {
  factor: number
  low_freq_factor: number
  high_freq_factor: number
  original_max_position_embeddings: number
}
type Yarn = {
  factor: number
  original_max_position_embeddings: number
  attention_factor: number
  beta_fast: number
  beta_slow: number
  truncate: boolean
}
type LongRope = {
  short_factor: readonly number[]
  long_factor: readonly number[]
  original_max_position_embeddings: number
  attention_factor: number
}

export type Frequencies = {
  /** Radians from one place to the next [r / 2]. */
  each: readonly number[]
  /** Scales cosines and sines. */
  attentionFactor: number
  /** What rows of more than `length` tokens take instead: other frequencies, or a base that grows with the row. */
  longer: null | { length: number; each: readonly number[] } | { length: number; growth: number }
}

export function frequenciesOf(rope: Rope): Frequencies {
  const plain = plainFrequencies(rope)
  const fixed = (each: readonly number[], attentionFactor = 1) => ({ each, attentionFactor, longer: null })
  switch (rope.rope_type) {
    case 'default':
      return fixed(plain)
    case 'linear':
      return fixed(plain.map((frequency) => frequency / rope.factor))
    case 'dynamic':
      return { ...fixed(plain), longer: { length: rope.max_position_embeddings, growth: rope.factor } }
    case 'llama3':
      return fixed(plain.map((frequency) => llama3Frequency(frequency, rope)))
    case 'yarn':
      return fixed(yarnFrequencies(plain, rope), rope.attention_factor)
    case 'longrope': {
      const over = (factors: readonly number[]) => plain.map((frequency, i) => frequency / factors[i]!)
      const longer = { length: rope.original_max_position_embeddings, each: over(rope.long_factor) }
      return { each: over(rope.short_factor), attentionFactor: rope.attention_factor, longer }
    }
  }
}

/** The longest row that the embedding is made for, in tokens. */
export function reachOf(rope: Rope): number {
  const { max_position_embeddings: named } = rope
  if (rope.rope_type === 'linear' || rope.rope_type === 'dynamic') return Math.floor(named * rope.factor)
  if (rope.rope_type === 'yarn') return Math.max(named, Math.floor(rope.original_max_position_embeddings * rope.factor))
  return named
}

/** base^(−2i/r) for i < r/2. */
const plainFrequencies = ({ rope_theta, turned }: Pick<Rope, 'rope_theta' | 'turned'>): number[] =>
  Array.from({ length: turned / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(rope_theta ** Math.fround((2 * i) / turned))),
  )

/** Short waves stay, long ones are stretched by the factor, and those in between by a part of it. */
function llama3Frequency(frequency: number, rope: Llama3): number {
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: length } = rope
  const wavelength = (2 * Math.PI) / frequency
  if (wavelength < length / high) return frequency
  if (wavelength > length / low) return frequency / factor
  const kept = (length / wavelength - low) / (high - low)
  return ((1 - kept) * frequency) / factor + kept * frequency
}

/** A ramp over the pairs, from those that turn often within the original length (kept) to those that hardly turn. */
function yarnFrequencies(plain: readonly number[], rope: Yarn & Pick<Rope, 'rope_theta' | 'turned'>): number[] {
  const { rope_theta, turned, factor, original_max_position_embeddings: length } = rope
  const pairOfTurns = (turns: number) =>
    (turned * Math.log(length / (turns * 2 * Math.PI))) / (2 * Math.log(rope_theta))
  const [first, last] = [pairOfTurns(rope.beta_fast), pairOfTurns(rope.beta_slow)]
  const low = Math.max(rope.truncate ? Math.floor(first) : first, 0)
  const high = Math.min(rope.truncate ? Math.ceil(last) : last, turned - 1)
  const width = low === high ? 0.001 : high - low
  return plain.map((frequency, i) => {
    const stretched = Math.min(Math.max((i - low) / width, 0), 1)
    return (frequency / factor) * stretched + frequency * (1 - stretched)
  })
}

/** What YaRN recommends to scale cosines and sines by, for a context stretched by a factor. */
export const yarnAttentionFactor = (factor: number, scale = 1): number =>
  factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1

/** What LongRoPE recommends. */
export const longropeAttentionFactor = (factor: number, originalLength: number): number =>
  factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalLength))
