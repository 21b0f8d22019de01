/**
 * Configurations as they are published: understood as they stand, down to the number of parameters that the model is
 * known to have; and what we lack refused by the name of its field.
 */
import { describe, expect, it } from 'vitest'
import { anatomyOf, parametersOf } from './anatomy'
import { modelOf } from './index'

type Json = Record<string, unknown>

const pairs = (count: number, first: number, last: number) =>
  Array.from({ length: count }, (_, i) => first + ((last - first) * i) / (count - 1))

const pythia160m: Json = {
  model_type: 'gpt_neox',
  hidden_act: 'gelu',
  hidden_size: 768,
  initializer_range: 0.02,
  intermediate_size: 3072,
  layer_norm_eps: 1e-5,
  max_position_embeddings: 2048,
  num_attention_heads: 12,
  num_hidden_layers: 12,
  rotary_emb_base: 10000,
  rotary_pct: 0.25,
  tie_word_embeddings: false,
  torch_dtype: 'float16',
  use_parallel_residual: true,
  vocab_size: 50304,
}
const phi3Mini: Json = {
  model_type: 'phi3',
  attention_bias: false,
  attention_dropout: 0.0,
  auto_map: { AutoConfig: 'configuration_phi3.Phi3Config' },
  embd_pdrop: 0.0,
  hidden_act: 'silu',
  hidden_size: 3072,
  intermediate_size: 8192,
  max_position_embeddings: 4096,
  num_attention_heads: 32,
  num_hidden_layers: 32,
  num_key_value_heads: 32,
  original_max_position_embeddings: 4096,
  resid_pdrop: 0.0,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 10000.0,
  sliding_window: 2047,
  tie_word_embeddings: false,
  vocab_size: 32064,
}
const phi4Mini: Json = {
  ...phi3Mini,
  full_attn_mod: 1,
  interpolate_factor: 1,
  lm_head_bias: false,
  max_position_embeddings: 131072,
  mlp_bias: false,
  num_attention_heads: 24,
  num_key_value_heads: 8,
  partial_rotary_factor: 0.75,
  rope_scaling: { long_factor: pairs(48, 1, 47.77), short_factor: pairs(48, 1, 1), type: 'longrope' },
  sliding_window: 262144,
  tie_word_embeddings: true,
  vocab_size: 200064,
}
const gemma2of2b: Json = {
  model_type: 'gemma2',
  attention_bias: false,
  attention_dropout: 0.0,
  attn_logit_softcapping: 50.0,
  cache_implementation: 'hybrid',
  final_logit_softcapping: 30.0,
  head_dim: 256,
  hidden_act: 'gelu_pytorch_tanh',
  hidden_activation: 'gelu_pytorch_tanh',
  hidden_size: 2304,
  intermediate_size: 9216,
  max_position_embeddings: 8192,
  num_attention_heads: 8,
  num_hidden_layers: 26,
  num_key_value_heads: 4,
  query_pre_attn_scalar: 256,
  rms_norm_eps: 1e-6,
  rope_theta: 10000.0,
  sliding_window: 4096,
  vocab_size: 256000,
}
const gemma3of1b: Json = {
  model_type: 'gemma3_text',
  attention_bias: false,
  attn_logit_softcapping: null,
  cache_implementation: 'hybrid',
  final_logit_softcapping: null,
  head_dim: 256,
  hidden_activation: 'gelu_pytorch_tanh',
  hidden_size: 1152,
  intermediate_size: 6912,
  max_position_embeddings: 32768,
  num_attention_heads: 4,
  num_hidden_layers: 26,
  num_key_value_heads: 1,
  query_pre_attn_scalar: 256,
  rms_norm_eps: 1e-6,
  rope_local_base_freq: 10000,
  rope_scaling: null,
  rope_theta: 1000000,
  sliding_window: 512,
  sliding_window_pattern: 6,
  vocab_size: 262144,
}

describe('published configurations', () => {
  it.each([
    ['Pythia 160M', pythia160m, 162_322_944, 2048],
    ['Phi-3 mini 4k', phi3Mini, 3_821_079_552, 4096],
    ['Phi-4 mini', phi4Mini, 3_836_021_760, 131_072],
    ['Gemma 2 2B', gemma2of2b, 2_614_341_888, 8192],
    ['Gemma 3 1B', gemma3of1b, 999_885_952, 32_768],
  ])('%s has its parameters and its context', (_, config, parameters, context) => {
    const model = modelOf(config, 'config.json')
    expect(parametersOf(anatomyOf(model))).toBe(parameters)
    expect(model.shape.contextLength).toBe(context)
  })

  it('of fused layers name them as adapters do', () => {
    const names = (config: Json) => [
      ...new Set(anatomyOf(modelOf(config, 'config.json')).linears.map(({ path }) => path.split('.').at(-1))),
    ]
    expect(names(phi3Mini)).toEqual(['qkv_proj', 'o_proj', 'gate_up_proj', 'down_proj'])
    expect(names(pythia160m)).toEqual(['query_key_value', 'dense', 'dense_h_to_4h', 'dense_4h_to_h'])
  })
})

describe('what an architecture lacks', () => {
  const linear = { rope_type: 'linear', factor: 2 }
  it.each<[string, Json, Json, RegExp]>([
    ['a bias in attention', phi3Mini, { attention_bias: true }, /attention_bias asks for biases in attention/],
    ['a bias in the head', phi4Mini, { lm_head_bias: true }, /lm_head_bias asks for a bias in the output head/],
    ['an activation', phi3Mini, { hidden_act: 'quick_gelu' }, /hidden_act asks for "quick_gelu", which is none of/],
    ['a scaling of Phi-3', phi3Mini, { rope_scaling: linear }, /rope_scaling\.type asks for "linear".*only longrope/],
    [
      'factors that are too few',
      phi4Mini,
      { rope_scaling: { type: 'longrope', short_factor: [1], long_factor: pairs(48, 1, 2) } },
      /rope_scaling\.short_factor is not a list of 48 numbers/,
    ],
    ['heads that do not share', gemma2of2b, { num_key_value_heads: 3 }, /num_key_value_heads is not a divisor/],
    ['later tokens', gemma2of2b, { use_bidirectional_attention: true }, /asks for attention to later tokens/],
    ['a kind of layer', gemma2of2b, { layer_types: ['chunked_attention'] }, /asks for "chunked_attention"/],
    [
      'too few kinds',
      gemma2of2b,
      { layer_types: ['full_attention'] },
      /layer_types is not a list with one.* 26 .*: it has 1/,
    ],
    ['capped scores', gemma3of1b, { attn_logit_softcapping: 50 }, /asks for capped attention scores/],
    ['a flat rotary embedding', gemma3of1b, { rope_parameters: linear }, /rope_parameters is wrong/],
    [
      'a rotary embedding',
      gemma3of1b,
      { rope_parameters: { full_attention: { rope_type: 'proportional' } } },
      /rope_parameters\.full_attention\.rope_type asks for "proportional"/,
    ],
    ['heads of no whole width', pythia160m, { num_attention_heads: 7 }, /hidden_size is not a multiple/],
    ['an odd part of a head', pythia160m, { rotary_pct: 0.05 }, /asks for 3 values of each head/],
  ])('%s is refused by name', (_, config, change, sentence) => {
    expect(() => modelOf({ ...config, ...change }, 'config.json')).toThrow(sentence)
  })
})
