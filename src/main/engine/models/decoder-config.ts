/** What the configurations of Llama, Mistral, Qwen, Phi-3 and Gemma have in common, and what follows from it. */
import { z } from 'zod'
import type { DecoderShape } from '../nn/decoder'
import type { Head } from '../nn/head'
import type { Rope } from '../nn/rotary-frequencies'
import { reachOf } from '../nn/rotary-frequencies'
import type { SelfAttentionShape } from '../nn/self-attention'
import type { Weights } from '../nn/weights'
import type { ModelShape } from './architecture'
import { activation, count, epsilon, only, probability } from './fields'
import { type RopeDefaults, ropeFields, ropeOf } from './rope'

export const decoderFields = {
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  hidden_act: activation.default('silu'),
  rms_norm_eps: epsilon.default(1e-6),
  attention_dropout: probability,
  tie_word_embeddings: z.boolean().default(false),
  per_layer_config: only(null, 'layers of different shapes'),
  ...ropeFields,
}
type Fields = z.infer<z.ZodObject<typeof decoderFields>>
export type DecoderConfig = Fields & { num_key_value_heads: number; head_dim: number; rope: Rope }

/**
 * A configuration with its heads and its rotary embedding worked out, the latter with the family's own defaults. What
 * does not fit is reported to `context`.
 */
export function resolved(
  c: Fields,
  context: z.RefinementCtx,
  defaults: Omit<RopeDefaults, 'headSize'> = { share: null },
): DecoderConfig {
  const heads = c.num_attention_heads
  const keyValueHeads = c.num_key_value_heads ?? heads
  const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
  if (!c.head_dim && c.hidden_size % heads !== 0)
    refuse('hidden_size', `is not a multiple of num_attention_heads (${heads}), so the heads have no whole width.`)
  else if (heads % keyValueHeads !== 0)
    refuse('num_key_value_heads', `is not a divisor of num_attention_heads (${heads}), so queries share no key heads.`)
  else {
    const head_dim = c.head_dim ?? c.hidden_size / heads
    const rope = ropeOf(c, { ...defaults, headSize: head_dim }, context)
    return { ...c, num_key_value_heads: keyValueHeads, head_dim, rope }
  }
  return z.NEVER
}

export const modelShape = (c: DecoderConfig): ModelShape => ({
  layers: c.num_hidden_layers,
  keyValueHeads: c.num_key_value_heads,
  headSize: c.head_dim,
  contextLength: reachOf(c.rope),
  vocabularySize: c.vocab_size,
})

/** The parts of the decoder that only sizes decide. */
export const decoderShape = (c: DecoderConfig): Omit<DecoderShape, 'attention' | 'mlp'> => ({
  vocabulary: c.vocab_size,
  width: c.hidden_size,
  layers: c.num_hidden_layers,
  rope: c.rope,
  epsilon: c.rms_norm_eps,
})

export const attentionShape = (c: DecoderConfig, layer: number): Omit<SelfAttentionShape, 'bias'> => ({
  width: c.hidden_size,
  heads: c.num_attention_heads,
  keyValueHeads: c.num_key_value_heads,
  headSize: c.head_dim,
  scale: c.head_dim ** -0.5,
  dropout: c.attention_dropout,
  layer,
})

export const mlpShape = (c: DecoderConfig, bias: boolean) => ({
  width: c.hidden_size,
  inner: c.intermediate_size,
  activation: c.hidden_act,
  bias,
})

/** The head, or the embedding that stands for it. */
export const headOf = (weights: Weights, c: DecoderConfig): Head => {
  const tiedTo = c.tie_word_embeddings ? 'model.embed_tokens.weight' : undefined
  return { matrix: weights.tensor('lm_head.weight', [c.vocab_size, c.hidden_size], tiedTo) }
}

/** A model that was saved without its head has no prefix. */
export const withoutPrefix = (name: string) => (name.startsWith('model.') ? [name.slice('model.'.length)] : [])
