/** Rotary position embeddings of a batch: the angles of every token, made once for all layers. */
import { constant, type Value } from '../graph/value'
import { cast, cos, mul, reshape, rotary, sin } from '../ops'
import type { Tokens } from './tokens'

/** Cosines and sines [N, r/2] of every token's angles. */
export type Rotary = { cosines: Value; sines: Value }

/** Angle i of the token at place p is p · frequencies[i]; `factor` scales both tables (YaRN's attention factor). */
export function rotaryOf(tokens: Tokens, frequencies: readonly number[], factor = 1): Rotary {
  const places = reshape(cast(tokens.positions, 'float32'), ['N', 1])
  const angles = mul(places, constant(frequencies, [1, frequencies.length]))
  return { cosines: mul(cos(angles), factor), sines: mul(sin(angles), factor) }
}

/** base^(−2i/r) for i < r/2: the frequencies of Su et al. 2021. */
export const plainFrequencies = (base: number, turned: number): number[] =>
  Array.from({ length: turned / 2 }, (_, i) => base ** ((-2 * i) / turned))

/** Heads of x [N, H·d], each turned by its token's angles. */
export const turned = (x: Value, { cosines, sines }: Rotary, headSize: number): Value =>
  rotary(x, cosines, sines, headSize)
