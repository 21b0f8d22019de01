/** The embeddings of a batch's tokens: every model looks its words up here, so that training can add noise to them. */
import type { Value } from '../graph/value'
import { div, gather, mul, noisy, reshape, sqrt } from '../ops'
import type { Tokens } from './tokens'

/** Tells the noise's random numbers from those of dropout. */
const salt = 3_000_000

/**
 * Rows of the table [V, D] by the tokens' ids, times `scale` (Gemma): [N, D]. With NEFTune (Jain et al. 2023), uniform
 * noise within ±α / √(T · D) is added, T the length of a token's row.
 */
export function embedded(table: Value, tokens: Tokens, scale = 1): Value {
  const looked = gather(table, tokens.ids)
  const words = scale === 1 ? looked : mul(looked, scale)
  const { noiseAlpha, rowLengths, randomness } = tokens
  if (noiseAlpha === null || !randomness) return words
  const lengths = reshape(rowLengths, ['N', 1])
  const reach = div(noiseAlpha, sqrt(mul(lengths, Number(table.shape[1]))))
  return noisy(words, reach, salt, randomness)
}
