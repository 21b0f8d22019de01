/**
 * The decoder that most families share (Llama's names): x + attention(norm(x)), then x + mlp(norm(x)), layer by layer,
 * and a last norm. N tokens, D width, V vocabulary.
 */
import type { Value } from '../graph/value'
import { add } from '../ops'
import { embedded } from './embedding'
import { type GatedMlpShape, gatedMlp } from './gated-mlp'
import { throughLayers } from './layers'
import { normed } from './norm'
import { rotaryOf } from './rotary'
import type { Rope } from './rotary-frequencies'
import { type SelfAttentionShape, selfAttention } from './self-attention'
import type { Tokens } from './tokens'
import type { Weights } from './weights'

export type DecoderShape = {
  vocabulary: number
  width: number
  layers: number
  rope: Rope
  /** Of the norms before attention, before the MLP and after the last layer. */
  epsilon: number
  attention(layer: number): SelfAttentionShape
  mlp: GatedMlpShape
}

/** Tokens → the last hidden state [N, D]. */
export function decoder(weights: Weights, tokens: Tokens, shape: DecoderShape): Value {
  const { vocabulary, width, layers, epsilon, mlp } = shape
  const rotary = rotaryOf(tokens, shape.rope)
  const words = embedded(weights.tensor('embed_tokens.weight', [vocabulary, width]), tokens) // [N, D]
  const last = throughLayers(weights.list('layers', layers), words, tokens, (block, x, layer) => {
    const inward = normed(block, 'input_layernorm', x, epsilon)
    const mixed = add(x, selfAttention(block.at('self_attn'), inward, rotary, tokens, shape.attention(layer)))
    return add(mixed, gatedMlp(block.at('mlp'), normed(block, 'post_attention_layernorm', mixed, epsilon), mlp))
  })
  return normed(weights, 'norm', last, epsilon)
}
