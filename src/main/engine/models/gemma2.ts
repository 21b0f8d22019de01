/**
 * Gemma 2 (Gemma Team 2024): layers that see a window alternate with layers that see everything, scores and logits are
 * capped, each block is normalized before and after, and norms scale by 1 + w.
 * N tokens, D width, H query heads and G key heads of width d, I inner width. Reference: transformers, `models/gemma2`.
 */
import { z } from 'zod'
import type { Value } from '../graph/value'
import { attention } from '../nn/attention'
import { embedded } from '../nn/embedding'
import { throughLayers } from '../nn/layers'
import { type Rotary, rotaryOf, turned } from '../nn/rotary'
import { reachOf } from '../nn/rotary-frequencies'
import type { Tokens } from '../nn/tokens'
import type { Weights } from '../nn/weights'
import { activations, add, mul, rmsNorm } from '../ops'
import { architecture } from './architecture'
import { activation, count, epsilon, layerTypes, only, probability } from './fields'
import { ropeFields, ropeOf } from './rope'

const cap = z.number().positive().nullable()

const config = z
  .object({
    vocab_size: count,
    hidden_size: count,
    intermediate_size: count,
    num_hidden_layers: count,
    num_attention_heads: count,
    num_key_value_heads: count,
    head_dim: count.default(256),
    hidden_activation: activation.default('gelu_pytorch_tanh'),
    rms_norm_eps: epsilon.default(1e-6),
    ...ropeFields,
    query_pre_attn_scalar: z.number().positive().default(256),
    attn_logit_softcapping: cap.default(50),
    final_logit_softcapping: cap.default(30),
    sliding_window: count.nullable().default(4096),
    layer_types: layerTypes.nullish(),
    attention_bias: z.boolean().default(false),
    attention_dropout: probability,
    tie_word_embeddings: z.boolean().default(true),
    use_bidirectional_attention: only(false, 'attention to later tokens'),
  })
  .transform((c, context) => ({
    ...c,
    layer_types: c.layer_types ?? alternating(c.num_hidden_layers),
    rope: ropeOf(c, { headSize: c.head_dim, share: null }, context),
  }))
type Config = z.infer<typeof config>

const alternating = (layers: number) =>
  Array.from({ length: layers }, (_, i) => (i % 2 === 0 ? 'sliding_attention' : 'full_attention'))

export const gemma2 = architecture({
  modelType: 'gemma2',
  config,
  shape: (c) => ({
    layers: c.num_hidden_layers,
    keyValueHeads: c.num_key_value_heads,
    headSize: c.head_dim,
    contextLength: reachOf(c.rope),
    vocabularySize: c.vocab_size,
  }),
  forward(weights, c, tokens) {
    const model = weights.at('model')
    const rotary = rotaryOf(tokens, c.rope)
    const table = model.tensor('embed_tokens.weight', [c.vocab_size, c.hidden_size])
    const words = embedded(table, tokens, Math.sqrt(c.hidden_size)) // [N, D]
    const last = throughLayers(model.list('layers', c.num_hidden_layers), words, tokens, (block, x, layer) => {
      const seen = selfAttention(block.at('self_attn'), norm(block, 'input_layernorm', x, c), c, rotary, layer, tokens)
      const mixed = add(x, norm(block, 'post_attention_layernorm', seen, c))
      const thought = feedForward(block.at('mlp'), norm(block, 'pre_feedforward_layernorm', mixed, c), c)
      return add(mixed, norm(block, 'post_feedforward_layernorm', thought, c))
    })
    return norm(model, 'norm', last, c)
  },
  head: (weights, c) => {
    const tiedTo = c.tie_word_embeddings ? 'model.embed_tokens.weight' : undefined
    return {
      matrix: weights.tensor('lm_head.weight', [c.vocab_size, c.hidden_size], tiedTo),
      softcap: c.final_logit_softcapping,
    }
  },
  aliases: () => [],
})

const norm = (weights: Weights, name: string, x: Value, c: Config) =>
  rmsNorm(x, add(weights.tensor(`${name}.weight`, [c.hidden_size]), 1), c.rms_norm_eps)

function selfAttention(weights: Weights, x: Value, c: Config, rotary: Rotary, layer: number, tokens: Tokens): Value {
  const { hidden_size: D, head_dim: d, num_attention_heads: H, num_key_value_heads: G, attention_bias: bias } = c
  const of = (name: string, heads: number) =>
    weights.linear(name, { inputs: D, outputs: heads * d, bias, stored: 'out-in' })(x)
  const q = turned(of('q_proj', H), rotary, d) // [N, H·d]
  const k = turned(of('k_proj', G), rotary, d) // [N, G·d]
  const mixed = attention(q, k, of('v_proj', G), tokens, {
    heads: H,
    keyValueHeads: G,
    headSize: d,
    scale: c.query_pre_attn_scalar ** -0.5,
    window: c.layer_types[layer] === 'sliding_attention' ? c.sliding_window : null,
    softcap: c.attn_logit_softcapping,
    dropout: c.attention_dropout,
    layer,
  })
  return weights.linear('o_proj', { inputs: H * d, outputs: D, bias, stored: 'out-in' })(mixed)
}

function feedForward(weights: Weights, x: Value, c: Config): Value {
  const { hidden_size: D, intermediate_size: I } = c
  const of = (name: string) => weights.linear(name, { inputs: D, outputs: I, bias: false, stored: 'out-in' })(x)
  const wide = mul(activations[c.hidden_activation]!(of('gate_proj')), of('up_proj')) // [N, I]
  return weights.linear('down_proj', { inputs: I, outputs: D, bias: false, stored: 'out-in' })(wide)
}
