/**
 * Gemma 2 (Gemma Team 2024): layers that see a window alternate with layers that see everything, scores and logits are
 * capped, each block is normalized before and after, and norms scale by 1 + w. N tokens, D width.
 * Reference: transformers, `models/gemma2`.
 */
import { z } from 'zod'
import type { Value } from '../graph/value'
import { embedded } from '../nn/embedding'
import { gatedMlp } from '../nn/gated-mlp'
import { throughLayers } from '../nn/layers'
import { normedAroundOne } from '../nn/norm'
import { rotaryOf } from '../nn/rotary'
import { type SelfAttentionShape, selfAttention } from '../nn/self-attention'
import type { Weights } from '../nn/weights'
import { add } from '../ops'
import { architecture } from './architecture'
import { attentionShape, decoderFields, headOf, mlpShape, modelShape, resolved, withoutPrefix } from './decoder-config'
import { activation, count, layerTypes, only, typePerLayer } from './fields'

const cap = z.number().positive().nullable()

const config = z
  .object({
    ...decoderFields,
    head_dim: count.default(256),
    hidden_activation: activation.default('gelu_pytorch_tanh'),
    query_pre_attn_scalar: z.number().positive().default(256),
    attn_logit_softcapping: cap.default(50),
    final_logit_softcapping: cap.default(30),
    sliding_window: count.nullable().default(4096),
    layer_types: layerTypes.nullish(),
    attention_bias: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(true),
    use_bidirectional_attention: only(false, 'attention to later tokens'),
  })
  .superRefine(typePerLayer)
  .transform((c, context) => ({
    ...c,
    ...resolved(c, context),
    layer_types: c.layer_types ?? alternating(c.num_hidden_layers),
  }))
type Config = z.infer<typeof config>

const alternating = (layers: number) =>
  Array.from({ length: layers }, (_, i) => (i % 2 === 0 ? 'sliding_attention' : 'full_attention'))

export const gemma2 = architecture({
  modelType: 'gemma2',
  config,
  shape: modelShape,
  forward(weights, c, tokens) {
    const model = weights.at('model')
    const table = model.tensor('embed_tokens.weight', [c.vocab_size, c.hidden_size])
    const words = embedded(table, tokens, Math.sqrt(c.hidden_size)) // [N, D]
    const rotary = rotaryOf(tokens, c.rope)
    const norm = (at: Weights, name: string, x: Value) => normedAroundOne(at, name, x, c.rms_norm_eps)
    const mlp = { ...mlpShape(c, false), activation: c.hidden_activation }
    const last = throughLayers(model.list('layers', c.num_hidden_layers), words, tokens, (block, x, layer) => {
      const inward = norm(block, 'input_layernorm', x)
      const seen = selfAttention(block.at('self_attn'), inward, rotary, tokens, headsOf(c, layer))
      const mixed = add(x, norm(block, 'post_attention_layernorm', seen))
      const thought = gatedMlp(block.at('mlp'), norm(block, 'pre_feedforward_layernorm', mixed), mlp)
      return add(mixed, norm(block, 'post_feedforward_layernorm', thought))
    })
    return norm(model, 'norm', last)
  },
  head: (weights, c) => ({ ...headOf(weights, c), softcap: c.final_logit_softcapping }),
  aliases: withoutPrefix,
})

const headsOf = (c: Config, layer: number): SelfAttentionShape => ({
  ...attentionShape(c, layer),
  bias: { inward: c.attention_bias, outward: c.attention_bias },
  scale: c.query_pre_attn_scalar ** -0.5,
  softcap: c.attn_logit_softcapping,
  window: c.layer_types[layer] === 'sliding_attention' ? c.sliding_window : null,
})
