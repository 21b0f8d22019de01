/**
 * Mistral (Jiang et al. 2023): grouped queries, and in its first version a window on every layer.
 * Reference: transformers, `models/mistral`.
 */
import { z } from 'zod'
import { decoderFields, resolved } from './decoder-config'
import { decoderModel } from './decoder-model'
import { count, only } from './fields'

const config = z
  .object({
    ...decoderFields,
    num_key_value_heads: count.nullable().default(8),
    sliding_window: count.nullable().default(4096),
    layer_types: only(null, 'windows on some layers'),
  })
  .transform((c, context) => ({ ...c, ...resolved(c, context) }))

export const mistral = decoderModel({
  modelType: 'mistral',
  config,
  attention: (c) => ({ bias: { inward: false, outward: false }, window: c.sliding_window }),
})
