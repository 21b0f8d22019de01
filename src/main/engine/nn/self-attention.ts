/**
 * A decoder's self-attention as most checkpoints name it: q_proj, k_proj and v_proj, heads turned by their token's
 * place, o_proj. N tokens, D width, H query heads and G key heads of width d, where H · d need not be D.
 */
import { type Value, within } from '../graph/value'
import { reshape } from '../ops'
import { type AttentionShape, attention } from './attention'
import { type Rotary, turned } from './rotary'
import type { Tokens } from './tokens'
import type { Weights } from './weights'

export type SelfAttentionShape = AttentionShape & {
  width: number
  /** Whether queries, keys and values have a bias, and whether the output has. */
  bias: { inward: boolean; outward: boolean }
  /** Normalizes over the last dimension, by a weight of this name [d]; for queries and keys that are normalized. */
  norm?: (weights: Weights, name: 'q_norm' | 'k_norm', heads: Value) => Value
}

/** x [N, D] → [N, D]. */
export function selfAttention(weights: Weights, x: Value, rotary: Rotary, tokens: Tokens, shape: SelfAttentionShape) {
  const { width: D, heads: H, keyValueHeads: G, headSize: d, bias, norm } = shape
  const inward = (name: string, heads: number) =>
    weights.linear(name, { inputs: D, outputs: heads * d, bias: bias.inward, stored: 'out-in' })(x)
  const normed = (name: 'q_norm' | 'k_norm', y: Value, heads: number) =>
    norm ? within(name, () => reshape(norm(weights, name, reshape(y, ['N', heads, d])), ['N', heads * d])) : y
  const q = turned(normed('q_norm', inward('q_proj', H), H), rotary, d) // [N, H·d]
  const k = turned(normed('k_norm', inward('k_proj', G), G), rotary, d) // [N, G·d]
  const mixed = attention(q, k, inward('v_proj', G), tokens, shape)
  return weights.linear('o_proj', { inputs: H * d, outputs: D, bias: bias.outward, stored: 'out-in' })(mixed)
}
