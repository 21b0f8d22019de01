/**
 * Gemma 3, text only (Gemma Team 2025): layers that see a window, with a rotary base of their own, and between them one
 * in six that sees everything; each head's queries and keys are normalized, and norms scale by 1 + w. N tokens, D width.
 * Reference: transformers, `models/gemma3`.
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
import { ropeOf, ropeParameters } from './rope'

const config = z
  .object({
    ...decoderFields,
    head_dim: count.default(256),
    hidden_activation: activation.default('gelu_pytorch_tanh'),
    query_pre_attn_scalar: z.number().positive().default(256),
    /** transformers 5 has one for each kind of layer. */
    rope_parameters: z
      .strictObject({ full_attention: ropeParameters, sliding_attention: ropeParameters })
      .partial()
      .nullish(),
    rope_local_base_freq: z.number().positive().nullish(),
    sliding_window: count.nullable().default(4096),
    sliding_window_pattern: count.default(6),
    layer_types: layerTypes.nullish(),
    attention_bias: z.boolean().default(false),
    tie_word_embeddings: z.boolean().default(true),
    final_logit_softcapping: z.number().positive().nullish(),
    attn_logit_softcapping: only(null, 'capped attention scores'),
    use_bidirectional_attention: only(false, 'attention to later tokens'),
  })
  .superRefine(typePerLayer)
  .transform((c, context) => {
    const { full_attention: full, sliding_attention: sliding } = c.rope_parameters ?? {}
    // The older layout scales only the layers that see everything.
    const global = { theta: 1_000_000, share: null, layerType: 'full_attention' } as const
    const local = { theta: 10_000, share: null, layerType: 'sliding_attention', headSize: c.head_dim } as const
    const unscaled = { rope_scaling: null, rope_theta: c.rope_local_base_freq, rope_parameters: sliding }
    return {
      ...c,
      ...resolved({ ...c, rope_parameters: full }, context, global),
      localRope: ropeOf({ ...c, ...unscaled }, local, context),
      layer_types: c.layer_types ?? oneInSome(c.sliding_window_pattern, c.num_hidden_layers),
    }
  })
type Config = z.infer<typeof config>

const oneInSome = (some: number, layers: number) =>
  Array.from({ length: layers }, (_, i) => ((i + 1) % some === 0 ? 'full_attention' : 'sliding_attention'))

export const gemma3Text = architecture({
  modelType: 'gemma3_text',
  config,
  shape: modelShape,
  forward(weights, c, tokens) {
    const model = weights.at('model')
    const table = model.tensor('embed_tokens.weight', [c.vocab_size, c.hidden_size])
    const words = embedded(table, tokens, Math.sqrt(c.hidden_size)) // [N, D]
    const global = rotaryOf(tokens, c.rope)
    const local = rotaryOf(tokens, c.localRope)
    const norm = (at: Weights, name: string, x: Value) => normedAroundOne(at, name, x, c.rms_norm_eps)
    const mlp = { ...mlpShape(c, false), activation: c.hidden_activation }
    const last = throughLayers(model.list('layers', c.num_hidden_layers), words, tokens, (block, x, layer) => {
      const rotary = slides(c, layer) ? local : global
      const inward = norm(block, 'input_layernorm', x)
      const seen = selfAttention(block.at('self_attn'), inward, rotary, tokens, headsOf(c, layer))
      const mixed = add(x, norm(block, 'post_attention_layernorm', seen))
      const thought = gatedMlp(block.at('mlp'), norm(block, 'pre_feedforward_layernorm', mixed), mlp)
      return add(mixed, norm(block, 'post_feedforward_layernorm', thought))
    })
    return norm(model, 'norm', last)
  },
  head: (weights, c) => ({ ...headOf(weights, c), softcap: c.final_logit_softcapping ?? null }),
  aliases: withoutPrefix,
})

const slides = (c: Config, layer: number) => c.layer_types[layer] === 'sliding_attention'

const headsOf = (c: Config, layer: number): SelfAttentionShape => ({
  ...attentionShape(c, layer),
  bias: { inward: c.attention_bias, outward: c.attention_bias },
  scale: c.query_pre_attn_scalar ** -0.5,
  window: slides(c, layer) ? c.sliding_window : null,
  norm: (attention, name, heads) => normedAroundOne(attention, name, heads, c.rms_norm_eps),
})
