/**
 * Mistral (Jiang et al. 2023): grouped queries, and in its first version a window on every layer.
 * Reference: transformers, `models/mistral`.
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
import { count, only } from './fields'

const config = z
  .object({
    ...decoderFields,
    num_key_value_heads: count.nullable().default(8),
    sliding_window: count.nullable().default(4096),
    layer_types: only(null, 'windows on some layers'),
  })
  .transform((c, context) => ({ ...c, ...resolved(c, context) }))

export const mistral = architecture({
  modelType: 'mistral',
  config,
  shape: modelShape,
  forward: (weights, c, tokens) =>
    decoder(weights.at('model'), tokens, {
      ...decoderShape(c),
      attention: (layer) => ({
        ...attentionShape(c, layer),
        bias: { inward: false, outward: false },
        window: c.sliding_window,
      }),
      mlp: mlpShape(c, false),
    }),
  head: headOf,
  aliases: withoutPrefix,
})
