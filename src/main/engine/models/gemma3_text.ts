/**
 * Gemma 3, text only (Gemma Team 2025): layers that see a window, with a rotary base of their own, and between them one
 * in six that sees everything; queries and keys are normalized, and norms scale by 1 + w.
 * N tokens, D width, H query heads and G key heads of width d, I inner width. Reference: transformers, `models/gemma3`.
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
import { activations, add, mul, reshape, rmsNorm } from '../ops'
import { architecture } from './architecture'
import { activation, count, epsilon, layerTypes, only, probability } from './fields'
import { ropeFields, ropeOf, ropePart } from './rope'

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
    rope_local_base_freq: z.number().positive().default(10_000),
    query_pre_attn_scalar: z.number().positive().default(256),
    sliding_window: count.nullable().default(4096),
    sliding_window_pattern: count.default(6),
    layer_types: layerTypes.nullish(),
    attention_bias: z.boolean().default(false),
    attention_dropout: probability,
    tie_word_embeddings: z.boolean().default(true),
    final_logit_softcapping: z.number().positive().nullish(),
    attn_logit_softcapping: only(null, 'capped attention scores'),
    use_bidirectional_attention: only(false, 'attention to later tokens'),
  })
  .transform((c, context) => ({
    ...c,
    // Each kind of layer has its own; the older layout scales only those that see everything.
    rope: ropeOf(
      { ...c, rope_parameters: ropePart(c, 'full_attention') },
      { headSize: c.head_dim, theta: 1_000_000, share: null },
      context,
    ),
    localRope: ropeOf(
      {
        ...c,
        rope_parameters: ropePart(c, 'sliding_attention'),
        rope_theta: c.rope_local_base_freq,
        rope_scaling: null,
      },
      { headSize: c.head_dim, share: null },
      context,
    ),
    layer_types:
      c.layer_types ??
      Array.from({ length: c.num_hidden_layers }, (_, i) =>
        (i + 1) % c.sliding_window_pattern === 0 ? 'full_attention' : 'sliding_attention',
      ),
  }))
type Config = z.infer<typeof config>

export const gemma3Text = architecture({
  modelType: 'gemma3_text',
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
    const table = model.tensor('embed_tokens.weight', [c.vocab_size, c.hidden_size])
    const words = embedded(table, tokens, Math.sqrt(c.hidden_size)) // [N, D]
    const local = rotaryOf(tokens, c.localRope)
    const global = rotaryOf(tokens, c.rope)
    const last = throughLayers(model.list('layers', c.num_hidden_layers), words, tokens, (block, x, layer) => {
      const rotary = c.layer_types[layer] === 'sliding_attention' ? local : global
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
      softcap: c.final_logit_softcapping ?? null,
    }
  },
  aliases: () => [],
})

/** Over the last dimension of x, times 1 + w. */
const norm = (weights: Weights, name: string, x: Value, c: Config) =>
  rmsNorm(x, add(weights.tensor(`${name}.weight`, [Number(x.shape.at(-1))]), 1), c.rms_norm_eps)

function selfAttention(weights: Weights, x: Value, c: Config, rotary: Rotary, layer: number, tokens: Tokens): Value {
  const { hidden_size: D, head_dim: d, num_attention_heads: H, num_key_value_heads: G, attention_bias: bias } = c
  const of = (name: string, heads: number) =>
    weights.linear(name, { inputs: D, outputs: heads * d, bias, stored: 'out-in' })(x)
  /** Each head of y [N, heads·d] normalized alone and turned. */
  const placed = (name: string, y: Value, heads: number) =>
    turned(reshape(norm(weights, name, reshape(y, ['N', heads, d]), c), ['N', heads * d]), rotary, d)
  const q = placed('q_norm', of('q_proj', H), H) // [N, H·d]
  const k = placed('k_norm', of('k_proj', G), G) // [N, G·d]
  const mixed = attention(q, k, of('v_proj', G), tokens, {
    heads: H,
    keyValueHeads: G,
    headSize: d,
    scale: c.query_pre_attn_scalar ** -0.5,
    window: c.layer_types[layer] === 'sliding_attention' ? c.sliding_window : null,
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
