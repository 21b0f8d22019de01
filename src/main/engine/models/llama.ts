/**
 * Llama (Touvron et al. 2023; Llama 3, 2024) and what is built like it: TinyLlama, SmolLM.
 * Reference: transformers, `models/llama`.
 */
import { z } from 'zod'
import { decoder } from '../nn/decoder'
import { architecture } from './architecture'
import {
  attentionShape,
  decoderFields,
  decoderShape,
  headOf,
  mlpShape,
  modelShape,
  resolved,
  withoutPrefix,
} from './decoder-config'
import { fullAttentionOnly } from './fields'

const config = z
  .object({
    ...decoderFields,
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
    layer_types: fullAttentionOnly,
  })
  .transform((c, context) => ({ ...c, ...resolved(c, context) }))

export const llama = architecture({
  modelType: 'llama',
  config,
  shape: modelShape,
  forward: (weights, c, tokens) =>
    decoder(weights.at('model'), tokens, {
      ...decoderShape(c),
      attention: (layer) => ({
        ...attentionShape(c, layer),
        bias: { inward: c.attention_bias, outward: c.attention_bias },
      }),
      mlp: mlpShape(c, c.mlp_bias),
    }),
  head: headOf,
  aliases: withoutPrefix,
})
