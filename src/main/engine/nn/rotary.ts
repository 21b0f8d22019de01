/** Rotary position embeddings of a batch: the angles of every token, made once for all layers. r values are turned. */
import { constant, type Value } from '../graph/value'
import { add, cast, cos, exp, greater, log, mul, reshape, rotary, sin, where } from '../ops'
import { type Frequencies, frequenciesOf, type Rope } from './rotary-frequencies'
import type { Tokens } from './tokens'

/** Cosines and sines [N, r/2] of every token's angles. */
export type Rotary = { cosines: Value; sines: Value }

/** Angle i of the token at place p is p · frequency i. */
export function rotaryOf(tokens: Tokens, rope: Rope): Rotary {
  const frequencies = frequenciesOf(rope)
  const angles = mul(placesOf(tokens), perToken(tokens, frequencies, rope.turned)) // [N, r/2]
  const { attentionFactor } = frequencies
  return { cosines: mul(cos(angles), attentionFactor), sines: mul(sin(angles), attentionFactor) }
}

const placesOf = ({ positions }: Tokens): Value => reshape(cast(positions, 'float32'), ['N', 1])

/**
 * Frequencies of all tokens [1, r/2], or of each [N, r/2] where the length of its row matters (with what is in the
 * cache). So rows of a batch have no influence on each other, where transformers takes the longest row's length for all.
 * Written token by token, a text keeps the turns that its first keys were given, as there.
 */
function perToken(tokens: Tokens, { each, longer }: Frequencies, turned: number): Value {
  const usual = constant(each, [1, each.length])
  if (!longer) return usual
  const lengths = reshape(tokens.rowLengths, ['N', 1])
  const isLong = greater(lengths, longer.length)
  if ('each' in longer) return where(isLong, constant(longer.each, [1, each.length]), usual)
  // base · s^(r / (r − 2)) in place of the base, s = growth · length / L − (growth − 1) for rows of more than L places:
  // frequency i is divided by s^(2i / (r − 2)).
  const stretch = add(mul(lengths, longer.growth / longer.length), 1 - longer.growth)
  const powers = constant(
    each.map((_, i) => (-2 * i) / (turned - 2)),
    [1, each.length],
  )
  return mul(usual, exp(mul(log(where(isLong, stretch, 1)), powers)))
}

/** Heads of x [N, H·d], each turned by its token's angles. */
export const turned = (x: Value, { cosines, sines }: Rotary, headSize: number): Value =>
  rotary(x, cosines, sines, headSize)
