/**
 * Qwen 3 (Qwen Team 2025): each head's queries and keys are normalized before they are turned; from some layer on a
 * window may apply. Reference: transformers, `models/qwen3`.
 */
import { z } from 'zod'
import { normed } from '../nn/norm'
import { decoderFields, resolved } from './decoder-config'
import { decoderModel } from './decoder-model'
import { count } from './fields'
import { checkedWindows, windowFields, windowOf } from './windows'

const config = z
  .object({
    ...decoderFields,
    ...windowFields,
    head_dim: count.default(128),
    attention_bias: z.boolean().default(false),
  })
  .superRefine(checkedWindows)
  .transform((c, context) => ({ ...c, ...resolved(c, context) }))

export const qwen3 = decoderModel({
  modelType: 'qwen3',
  config,
  attention: (c, layer) => ({
    bias: { inward: c.attention_bias, outward: c.attention_bias },
    window: windowOf(c, layer),
    norm: (attention, name, heads) => normed(attention, name, heads, c.rms_norm_eps),
  }),
})
