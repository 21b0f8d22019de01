/**
 * Qwen 2 and 2.5 (Qwen Team 2024): queries, keys and values have a bias; from some layer on a window may apply.
 * Reference: transformers, `models/qwen2`.
 */
import { z } from 'zod'
import { decoderFields, resolved } from './decoder-config'
import { decoderModel } from './decoder-model'
import { only } from './fields'
import { checkedWindows, windowFields, windowOf } from './windows'

const config = z
  .object({
    ...decoderFields,
    ...windowFields,
    use_mrope: only(false, 'a rotary embedding of several axes'),
  })
  .superRefine(checkedWindows)
  .transform((c, context) => ({ ...c, ...resolved(c, context) }))

export const qwen2 = decoderModel({
  modelType: 'qwen2',
  config,
  attention: (c, layer) => ({ bias: { inward: true, outward: false }, window: windowOf(c, layer) }),
})
