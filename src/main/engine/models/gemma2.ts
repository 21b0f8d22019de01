/**
 * Gemma 2 (Gemma Team 2024): layers that see a window alternate with layers that see everything, scores and logits are
 * capped, each block is normalized before and after, and norms scale by 1 + w. N tokens, D width.
 * Reference: transformers, `models/gemma2`.
 */
import { z } from 'zod'
import { rotaryOf } from '../nn/rotary'
import { architecture } from './architecture'
import { headOf, modelShape, resolved, withoutPrefix } from './decoder-config'
import { typePerLayer } from './fields'
import { gemmaDecoder, gemmaFields, headsOf, oneInSome } from './gemma'

const cap = z.number().positive().nullable()

const config = z
  .object({ ...gemmaFields, attn_logit_softcapping: cap.default(50), final_logit_softcapping: cap.default(30) })
  .superRefine(typePerLayer)
  .transform((c, context) => ({
    ...c,
    ...resolved(c, context),
    layer_types: c.layer_types ?? oneInSome(2, c.num_hidden_layers),
  }))

export const gemma2 = architecture({
  modelType: 'gemma2',
  config,
  shape: modelShape,
  forward(weights, c, tokens) {
    const rotary = rotaryOf(tokens, c.rope)
    return gemmaDecoder(weights.at('model'), c, tokens, (layer) => ({
      rotary,
      heads: { ...headsOf(c, layer), softcap: c.attn_logit_softcapping },
    }))
  },
  head: (weights, c) => ({ ...headOf(weights, c), softcap: c.final_logit_softcapping }),
  aliases: withoutPrefix,
})
