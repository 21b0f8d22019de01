/**
 * What Gemma 2 and 3 have in common: scaled embeddings, norms that scale by 1 + w, before and after each block, and
 * layers of which some see a window only. N tokens, D width.
 */
import { z } from 'zod'
import type { Value } from '../graph/value'
import { embedded } from '../nn/embedding'
import { gatedMlp } from '../nn/gated-mlp'
import { throughLayers } from '../nn/layers'
import { normedAroundOne } from '../nn/norm'
import type { Rotary } from '../nn/rotary'
import { type SelfAttentionShape, selfAttention } from '../nn/self-attention'
import type { Tokens } from '../nn/tokens'
import type { Weights } from '../nn/weights'
import { add } from '../ops'
import { attentionShape, type DecoderConfig, decoderFields, mlpShape } from './decoder-config'
import { activation, count, layerTypes, only } from './fields'

export const gemmaFields = {
  ...decoderFields,
  head_dim: count.default(256),
  hidden_activation: activation.default('gelu_pytorch_tanh'),
  query_pre_attn_scalar: z.number().positive().default(256),
  sliding_window: count.nullable().default(4096),
  layer_types: layerTypes.nullish(),
  attention_bias: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true),
  use_bidirectional_attention: only(false, 'attention to later tokens'),
}
type GemmaConfig = Omit<z.infer<z.ZodObject<typeof gemmaFields>>, keyof DecoderConfig | 'layer_types'> &
  DecoderConfig & { layer_types: readonly string[] }

/** The kinds of layers where every so many-th sees everything. */
export const oneInSome = (some: number, layers: number) =>
  Array.from({ length: layers }, (_, i) => ((i + 1) % some === 0 ? 'full_attention' : 'sliding_attention'))

export const slides = (c: Pick<GemmaConfig, 'layer_types'>, layer: number) =>
  c.layer_types[layer] === 'sliding_attention'

export const headsOf = (c: GemmaConfig, layer: number): SelfAttentionShape => ({
  ...attentionShape(c, layer),
  bias: { inward: c.attention_bias, outward: c.attention_bias },
  scale: c.query_pre_attn_scalar ** -0.5,
  window: slides(c, layer) ? c.sliding_window : null,
})

/** Tokens → the last hidden state [N, D]. */
export function gemmaDecoder(
  weights: Weights,
  c: GemmaConfig,
  tokens: Tokens,
  attention: (layer: number) => { rotary: Rotary; heads: SelfAttentionShape },
): Value {
  const table = weights.tensor('embed_tokens.weight', [c.vocab_size, c.hidden_size])
  const words = embedded(table, tokens, Math.sqrt(c.hidden_size)) // [N, D]
  const norm = (at: Weights, name: string, x: Value) => normedAroundOne(at, name, x, c.rms_norm_eps)
  const mlp = { ...mlpShape(c, false), activation: c.hidden_activation }
  const last = throughLayers(weights.list('layers', c.num_hidden_layers), words, tokens, (block, x, layer) => {
    const { rotary, heads } = attention(layer)
    const inward = norm(block, 'input_layernorm', x)
    const seen = selfAttention(block.at('self_attn'), inward, rotary, tokens, heads)
    const mixed = add(x, norm(block, 'post_attention_layernorm', seen))
    const thought = gatedMlp(block.at('mlp'), norm(block, 'pre_feedforward_layernorm', mixed), mlp)
    return add(mixed, norm(block, 'post_feedforward_layernorm', thought))
  })
  return norm(weights, 'norm', last)
}
