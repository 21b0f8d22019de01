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
import { normed } from '../nn/norm'
import { type Rotary, rotaryOf, turned } from '../nn/rotary'
import type { Tokens } from '../nn/tokens'
import type { Weights } from '../nn/weights'
import { add, gated, split } from '../ops'
import { architecture } from './architecture'
import { attentionShape, decoderFields, headOf, modelShape, resolved, withoutPrefix } from './decoder-config'
import { count, epsilon, only, probability } from './fields'

const config = z
  .object({
    ...decoderFields,
    rms_norm_eps: epsilon.default(1e-5),
    original_max_position_embeddings: count.default(4096),
    sliding_window: count.nullish(),
    attention_bias: only(false, 'biases in attention'),
    mlp_bias: only(false, 'biases in the MLP'),
    lm_head_bias: only(false, 'a bias in the output head'),
    resid_pdrop: probability,
  })
  .transform((c, context) => ({ ...c, ...resolved(c, context, { share: 1 }) }))
  .superRefine(({ rope: { rope_type }, rope_scaling }, context) => {
    const path = rope_scaling ? ['rope_scaling', 'type'] : ['rope_parameters', 'rope_type']
    if (rope_type !== 'default' && rope_type !== 'longrope')
      context.addIssue({ code: 'custom', path, message: `asks for "${rope_type}", but Phi-3 has only longrope.` })
  })
type Config = z.infer<typeof config>

export const phi3 = architecture({
  modelType: 'phi3',
  config,
  shape: (c) => ({
    ...modelShape(c),
    rereadBeyond: c.rope.rope_type === 'longrope' ? c.rope.original_max_position_embeddings : null,
  }),
  forward(weights, c, tokens) {
    const model = weights.at('model')
    const words = embedded(model.tensor('embed_tokens.weight', [c.vocab_size, c.hidden_size]), tokens) // [N, D]
    const rotary = rotaryOf(tokens, c.rope)
    const norm = (at: Weights, name: string, x: Value) => normed(at, name, x, c.rms_norm_eps)
    const last = throughLayers(model.list('layers', c.num_hidden_layers), words, tokens, (block, x, layer) => {
      const inward = norm(block, 'input_layernorm', x)
      const seen = selfAttention(block.at('self_attn'), inward, c, rotary, layer, tokens)
      const mixed = add(x, modelDropped(seen, c.resid_pdrop, 2 * layer, tokens))
      const thought = feedForward(block.at('mlp'), norm(block, 'post_attention_layernorm', mixed), c)
      return add(mixed, modelDropped(thought, c.resid_pdrop, 2 * layer + 1, tokens))
    })
    return norm(model, 'norm', last)
  },
  head: headOf,
  aliases: withoutPrefix,
})

function selfAttention(weights: Weights, x: Value, c: Config, rotary: Rotary, layer: number, tokens: Tokens): Value {
  const { hidden_size: D, head_dim: d, num_attention_heads: H, num_key_value_heads: G } = c
  const qkv = weights.linear('qkv_proj', { inputs: D, outputs: (H + 2 * G) * d, bias: false, stored: 'out-in' })(x)
  const [q, k, v] = split(qkv, 1, [H * d, G * d, G * d]) as [Value, Value, Value]
  const shape = { ...attentionShape(c, layer), window: c.sliding_window ?? null }
  const mixed = attention(turned(q, rotary, d), turned(k, rotary, d), v, tokens, shape) // [N, H·d]
  return weights.linear('o_proj', { inputs: H * d, outputs: D, bias: false, stored: 'out-in' })(mixed)
}

function feedForward(weights: Weights, x: Value, c: Config): Value {
  const { hidden_size: D, intermediate_size: I } = c
  const both = weights.linear('gate_up_proj', { inputs: D, outputs: 2 * I, bias: false, stored: 'out-in' })(x)
  const [gate, up] = split(both, 1, [I, I]) as [Value, Value]
  const inside = gated(c.hidden_act, gate, up) // [N, I]
  return weights.linear('down_proj', { inputs: I, outputs: D, bias: false, stored: 'out-in' })(inside)
}
