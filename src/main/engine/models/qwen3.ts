/**
 * Qwen 3 (Qwen Team 2025): each head's queries and keys are normalized before they are turned; from some layer on a
 * window may apply. Reference: transformers, `models/qwen3`.
 */
import { z } from 'zod'
import { decoder } from '../nn/decoder'
import { normed } from '../nn/norm'
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

export const qwen3 = architecture({
  modelType: 'qwen3',
  config,
  shape: modelShape,
  forward: (weights, c, tokens) =>
    decoder(weights.at('model'), tokens, {
      ...decoderShape(c),
      attention: (layer) => ({
        ...attentionShape(c, layer),
        bias: { inward: c.attention_bias, outward: c.attention_bias },
        window: windowOf(c, layer),
        norm: (attention, name, heads) => normed(attention, name, heads, c.rms_norm_eps),
      }),
      mlp: mlpShape(c, false),
    }),
  head: headOf,
  aliases: withoutPrefix,
})
