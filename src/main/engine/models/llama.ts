/**
 * Llama (Touvron et al. 2023; Llama 3, 2024) and what is built like it: TinyLlama, SmolLM.
 * Reference: transformers, `models/llama`.
 */
import { z } from 'zod'
import { decoderFields, resolved } from './decoder-config'
import { decoderModel } from './decoder-model'
import { fullAttentionOnly } from './fields'

const config = z
  .object({
    ...decoderFields,
    attention_bias: z.boolean().default(false),
    mlp_bias: z.boolean().default(false),
    layer_types: fullAttentionOnly,
  })
  .transform((c, context) => ({ ...c, ...resolved(c, context) }))

export const llama = decoderModel({
  modelType: 'llama',
  config,
  attention: (c) => ({ bias: { inward: c.attention_bias, outward: c.attention_bias } }),
  mlpBias: (c) => c.mlp_bias,
})
