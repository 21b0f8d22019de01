/**
 * Phi-3, Phi-3.5 mini and Phi-4 mini (Abdin et al. 2024): queries, keys and values come of one product, gate and up of
 * another. N tokens, D width, H query heads and G key heads of width d, I inner width.
 * Reference: transformers, `models/phi3`.
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
import { activations, add, mul, rmsNorm, split } from '../ops'
import { architecture } from './architecture'
import { activation, count, epsilon, only, probability } from './fields'
import { ropeFields, ropeOf } from './rope'

const config = z
  .object({
    vocab_size: count,
    hidden_size: count,
    intermediate_size: count,
    num_hidden_layers: count,
    num_attention_heads: count,
    num_key_value_heads: count.nullish(),
    head_dim: count.nullish(),
    hidden_act: activation.default('silu'),
    rms_norm_eps: epsilon.default(1e-5),
    ...ropeFields,
    sliding_window: count.nullish(),
    tie_word_embeddings: z.boolean().default(false),
    attention_bias: only(false, 'biases in attention'),
    mlp_bias: only(false, 'biases in the MLP'),
    lm_head_bias: only(false, 'a bias in the output head'),
    attention_dropout: probability,
    resid_pdrop: probability,
  })
  .transform((c, context) => {
    const head_dim = c.head_dim ?? c.hidden_size / c.num_attention_heads
    return {
      ...c,
      num_key_value_heads: c.num_key_value_heads ?? c.num_attention_heads,
      head_dim,
      rope: ropeOf(c, { headSize: head_dim }, context),
    }
  })
type Config = z.infer<typeof config>

export const phi3 = architecture({
  modelType: 'phi3',
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
    const words = embedded(model.tensor('embed_tokens.weight', [c.vocab_size, c.hidden_size]), tokens) // [N, D]
    const last = throughLayers(model.list('layers', c.num_hidden_layers), words, tokens, (block, x, layer) => {
      const seen = selfAttention(block.at('self_attn'), norm(block, 'input_layernorm', x, c), c, rotary, layer, tokens)
      const mixed = add(x, modelDropped(seen, c.resid_pdrop, 2 * layer, tokens))
      const thought = feedForward(block.at('mlp'), norm(block, 'post_attention_layernorm', mixed, c), c)
      return add(mixed, modelDropped(thought, c.resid_pdrop, 2 * layer + 1, tokens))
    })
    return norm(model, 'norm', last, c)
  },
  head: (weights, c) => {
    const tiedTo = c.tie_word_embeddings ? 'model.embed_tokens.weight' : undefined
    return { matrix: weights.tensor('lm_head.weight', [c.vocab_size, c.hidden_size], tiedTo) }
  },
  aliases: () => [],
})

const norm = (weights: Weights, name: string, x: Value, c: Config) =>
  rmsNorm(x, weights.tensor(`${name}.weight`, [c.hidden_size]), c.rms_norm_eps)

function selfAttention(weights: Weights, x: Value, c: Config, rotary: Rotary, layer: number, tokens: Tokens): Value {
  const { hidden_size: D, head_dim: d, num_attention_heads: H, num_key_value_heads: G } = c
  const sizes = [H * d, G * d, G * d]
  const qkv = weights.linear('qkv_proj', { inputs: D, outputs: (H + 2 * G) * d, bias: false, stored: 'out-in' })(x)
  const [q, k, v] = split(qkv, 1, sizes) as [Value, Value, Value] // [N, H·d], [N, G·d] twice
  const mixed = attention(turned(q, rotary, d), turned(k, rotary, d), v, tokens, {
    heads: H,
    keyValueHeads: G,
    headSize: d,
    scale: d ** -0.5,
    window: c.sliding_window ?? null,
    dropout: c.attention_dropout,
    layer,
  })
  return weights.linear('o_proj', { inputs: H * d, outputs: D, bias: false, stored: 'out-in' })(mixed)
}

function feedForward(weights: Weights, x: Value, c: Config): Value {
  const { hidden_size: D, intermediate_size: I } = c
  const both = weights.linear('gate_up_proj', { inputs: D, outputs: 2 * I, bias: false, stored: 'out-in' })(x)
  const [gate, up] = split(both, 1, [I, I]) as [Value, Value] // [N, I] each
  const wide = mul(activations[c.hidden_act]!(gate), up)
  return weights.linear('down_proj', { inputs: I, outputs: D, bias: false, stored: 'out-in' })(wide)
}
