/**
 * GPT-NeoX (Black et al. 2022) and Pythia (Biderman et al. 2023): attention and MLP side by side on the same input, and
 * queries, keys and values of one product, head by head. N tokens, D width, H heads of width d, I inner width.
 * Reference: transformers, `models/gpt_neox`.
 */
import { z } from 'zod'
import type { Value } from '../graph/value'
import { attention } from '../nn/attention'
import { embedded } from '../nn/embedding'
import { throughLayers } from '../nn/layers'
import { modelDropped } from '../nn/model-dropout'
import { type Rotary, rotaryOf, turned } from '../nn/rotary'
import { reachOf } from '../nn/rotary-frequencies'
import type { Tokens } from '../nn/tokens'
import type { Weights } from '../nn/weights'
import { activations, add, layerNorm, reshape, split } from '../ops'
import { architecture } from './architecture'
import { activation, count, epsilon, probability } from './fields'
import { ropeFields, ropeOf } from './rope'

const config = z
  .object({
    vocab_size: count,
    hidden_size: count,
    intermediate_size: count,
    num_hidden_layers: count,
    num_attention_heads: count,
    hidden_act: activation.default('gelu'),
    layer_norm_eps: epsilon.default(1e-5),
    ...ropeFields,
    rotary_pct: z.number().positive().max(1).nullish(),
    rotary_emb_base: z.number().positive().nullish(),
    use_parallel_residual: z.boolean().default(true),
    attention_bias: z.boolean().default(true),
    tie_word_embeddings: z.boolean().default(false),
    attention_dropout: probability,
    hidden_dropout: probability,
  })
  .refine((c) => c.hidden_size % c.num_attention_heads === 0, {
    path: ['hidden_size'],
    error: 'is not a multiple of num_attention_heads, so the heads have no whole width.',
  })
  .transform((c, context) => {
    const headSize = c.hidden_size / c.num_attention_heads
    const named = { ...c, rope_theta: c.rotary_emb_base, partial_rotary_factor: c.rotary_pct }
    return { ...c, headSize, rope: ropeOf(named, { headSize, share: 0.25 }, context) }
  })
type Config = z.infer<typeof config>

export const gptNeoX = architecture({
  modelType: 'gpt_neox',
  config,
  shape: (c) => ({
    layers: c.num_hidden_layers,
    keyValueHeads: c.num_attention_heads,
    headSize: c.headSize,
    contextLength: reachOf(c.rope),
    vocabularySize: c.vocab_size,
  }),
  forward(weights, c, tokens) {
    const model = weights.at('gpt_neox')
    const rotary = rotaryOf(tokens, c.rope)
    const words = embedded(model.tensor('embed_in.weight', [c.vocab_size, c.hidden_size]), tokens) // [N, D]
    const first = modelDropped(words, c.hidden_dropout, 0, tokens)
    const last = throughLayers(model.list('layers', c.num_hidden_layers), first, tokens, (block, x, layer) => {
      const dropped = (y: Value, place: number) => modelDropped(y, c.hidden_dropout, 2 * layer + place, tokens)
      const inward = norm(block.at('input_layernorm'), x, c)
      const mixed = add(x, dropped(selfAttention(block.at('attention'), inward, c, rotary, layer, tokens), 1))
      const seen = norm(block.at('post_attention_layernorm'), c.use_parallel_residual ? x : mixed, c)
      return add(mixed, dropped(feedForward(block.at('mlp'), seen, c), 2))
    })
    return norm(model.at('final_layer_norm'), last, c)
  },
  head: (weights, c) => {
    const tiedTo = c.tie_word_embeddings ? 'gpt_neox.embed_in.weight' : undefined
    return { matrix: weights.tensor('embed_out.weight', [c.vocab_size, c.hidden_size], tiedTo) }
  },
  // Saved without its head, a model has no prefix; what all published ones call embed_out is lm_head in transformers 5.
  aliases: (name) =>
    name === 'embed_out.weight'
      ? ['lm_head.weight']
      : name.startsWith('gpt_neox.')
        ? [name.slice('gpt_neox.'.length)]
        : [],
})

const norm = (weights: Weights, x: Value, c: Config) =>
  layerNorm(x, weights.tensor('weight', [c.hidden_size]), weights.tensor('bias', [c.hidden_size]), c.layer_norm_eps)

function selfAttention(weights: Weights, x: Value, c: Config, rotary: Rotary, layer: number, tokens: Tokens): Value {
  const { hidden_size: D, num_attention_heads: H, headSize: d, attention_bias: bias } = c
  const qkv = weights.linear('query_key_value', { inputs: D, outputs: 3 * D, bias, stored: 'out-in' })(x)
  const parts = split(reshape(qkv, ['N', H, 3 * d]), 2, [d, d, d]) // each head's query, key and value: [N, H, d]
  const [q, k, v] = parts.map((part) => reshape(part, ['N', D])) as [Value, Value, Value]
  const mixed = attention(turned(q, rotary, d), turned(k, rotary, d), v, tokens, {
    heads: H,
    keyValueHeads: H,
    headSize: d,
    scale: d ** -0.5,
    dropout: c.attention_dropout,
    layer,
  })
  return weights.linear('dense', { inputs: D, outputs: D, bias, stored: 'out-in' })(mixed)
}

function feedForward(weights: Weights, x: Value, c: Config): Value {
  const { hidden_size: D, intermediate_size: I } = c
  const wide = weights.linear('dense_h_to_4h', { inputs: D, outputs: I, bias: true, stored: 'out-in' })(x) // [N, I]
  const active = activations[c.hidden_act]!(wide)
  return weights.linear('dense_4h_to_h', { inputs: I, outputs: D, bias: true, stored: 'out-in' })(active)
}
