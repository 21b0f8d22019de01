/**
 * Gemma 3, text only (Gemma Team 2025): layers that see a window, with a rotary base of their own, and between them one
 * in six that sees everything; each head's queries and keys are normalized, and norms scale by 1 + w. N tokens, D width.
 * Reference: transformers, `models/gemma3`.
 */
import { z } from 'zod'
import { normedAroundOne } from '../nn/norm'
import { rotaryOf } from '../nn/rotary'
import { architecture } from './architecture'
import { headOf, modelShape, resolved, withoutPrefix } from './decoder-config'
import { count, only, typePerLayer } from './fields'
import { gemmaDecoder, gemmaFields, headsOf, oneInSome, slides } from './gemma'
import { ropeOf, ropeParameters } from './rope'

const config = z
  .object({
    ...gemmaFields,
    /** transformers 5 has one for each kind of layer. */
    rope_parameters: z
      .strictObject({ full_attention: ropeParameters, sliding_attention: ropeParameters })
      .partial()
      .nullish(),
    rope_local_base_freq: z.number().positive().nullish(),
    sliding_window_pattern: count.default(6),
    final_logit_softcapping: z.number().positive().nullish(),
    attn_logit_softcapping: only(null, 'capped attention scores'),
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

export const gemma3Text = architecture({
  modelType: 'gemma3_text',
  config,
  shape: modelShape,
  forward(weights, c, tokens) {
    const global = rotaryOf(tokens, c.rope)
    const local = rotaryOf(tokens, c.localRope)
    return gemmaDecoder(weights.at('model'), c, tokens, (layer) => ({
      rotary: slides(c, layer) ? local : global,
      heads: {
        ...headsOf(c, layer),
        norm: (attention, name, heads) => normedAroundOne(attention, name, heads, c.rms_norm_eps),
      },
    }))
  },
  head: (weights, c) => ({ ...headOf(weights, c), softcap: c.final_logit_softcapping ?? null }),
  aliases: withoutPrefix,
})
