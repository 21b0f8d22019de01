/**
 * Configurations of Llama, Mistral and Qwen as they are published: understood as they stand, down to the number of
 * parameters that the model is known to have; and what we lack refused by the name of its field.
 */
import { describe, expect, it } from 'vitest'
import { anatomyOf, parametersOf } from './anatomy'
import { modelOf } from './index'

type Json = Record<string, unknown>

/** What every configuration of a kind says, before what its own says. */
const common: Json = {
  attention_dropout: 0.0,
  hidden_act: 'silu',
  initializer_range: 0.02,
  torch_dtype: 'bfloat16',
  use_cache: true,
}
const sizes = (width: number, inner: number, layers: number, heads: number, keyValueHeads: number): Json => ({
  hidden_size: width,
  intermediate_size: inner,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: keyValueHeads,
})

const tinyLlama: Json = {
  ...common,
  ...sizes(2048, 5632, 22, 32, 4),
  model_type: 'llama',
  attention_bias: false,
  max_position_embeddings: 2048,
  pretraining_tp: 1,
  rms_norm_eps: 1e-5,
  rope_scaling: null,
  rope_theta: 10000.0,
  tie_word_embeddings: false,
  vocab_size: 32000,
}
const smolLm2: Json = {
  ...common,
  ...sizes(576, 1536, 30, 9, 3),
  model_type: 'llama',
  max_position_embeddings: 8192,
  mlp_bias: false,
  rms_norm_eps: 1e-5,
  rope_interleaved: false,
  rope_scaling: null,
  rope_theta: 100000,
  tie_word_embeddings: true,
  vocab_size: 49152,
}
const llama32: Json = {
  ...common,
  ...sizes(2048, 8192, 16, 32, 8),
  model_type: 'llama',
  head_dim: 64,
  max_position_embeddings: 131072,
  rms_norm_eps: 1e-5,
  rope_scaling: {
    factor: 32.0,
    high_freq_factor: 4.0,
    low_freq_factor: 1.0,
    original_max_position_embeddings: 8192,
    rope_type: 'llama3',
  },
  rope_theta: 500000.0,
  tie_word_embeddings: true,
  vocab_size: 128256,
}
/** As the first Llama was published: before grouped queries, and without fields that came later. */
const llama7b: Json = {
  ...sizes(4096, 11008, 32, 32, 32),
  num_key_value_heads: undefined,
  model_type: 'llama',
  hidden_act: 'silu',
  max_position_embeddings: 2048,
  rms_norm_eps: 1e-6,
  vocab_size: 32000,
}
const mistral7b: Json = {
  ...common,
  ...sizes(4096, 14336, 32, 32, 8),
  model_type: 'mistral',
  max_position_embeddings: 32768,
  rms_norm_eps: 1e-5,
  rope_theta: 10000.0,
  sliding_window: 4096,
  tie_word_embeddings: false,
  vocab_size: 32000,
}
const qwen25: Json = {
  ...common,
  ...sizes(896, 4864, 24, 14, 2),
  model_type: 'qwen2',
  max_position_embeddings: 32768,
  max_window_layers: 21,
  rms_norm_eps: 1e-6,
  rope_theta: 1000000.0,
  sliding_window: 32768,
  tie_word_embeddings: true,
  use_mrope: false,
  use_sliding_window: false,
  vocab_size: 151936,
}
const qwen3: Json = {
  ...common,
  ...sizes(1024, 3072, 28, 16, 8),
  model_type: 'qwen3',
  attention_bias: false,
  head_dim: 128,
  max_position_embeddings: 40960,
  max_window_layers: 28,
  rms_norm_eps: 1e-6,
  rope_scaling: null,
  rope_theta: 1000000,
  sliding_window: null,
  tie_word_embeddings: true,
  use_sliding_window: false,
  vocab_size: 151936,
}
const yarn = { factor: 4.0, original_max_position_embeddings: 32768, type: 'yarn' }

describe('published configurations', () => {
  it.each<[string, Json, number, number]>([
    ['TinyLlama 1.1B', tinyLlama, 1_100_048_384, 2048],
    ['SmolLM2 135M', smolLm2, 134_515_008, 8192],
    ['Llama 3.2 1B', llama32, 1_235_814_400, 131_072],
    ['Llama 7B', llama7b, 6_738_415_616, 2048],
    ['Mistral 7B', mistral7b, 7_241_732_096, 32_768],
    ['Qwen 2.5 0.5B', qwen25, 494_032_768, 32_768],
    ['Qwen 2.5 0.5B, stretched as its makers say', { ...qwen25, rope_scaling: yarn }, 494_032_768, 131_072],
    ['Qwen 3 0.6B', qwen3, 596_049_920, 40_960],
  ])('%s has its parameters and its context', (_, config, parameters, context) => {
    const model = modelOf(config, 'config.json')
    expect(parametersOf(anatomyOf(model))).toBe(parameters)
    expect(model.shape.contextLength).toBe(context)
  })
})

describe('what an architecture lacks', () => {
  const scaled = (scaling: Json, config = tinyLlama): Json => ({ ...config, rope_scaling: scaling })
  it.each<[string, Json, RegExp]>([
    [
      'another architecture',
      { ...tinyLlama, model_type: 'mamba2' },
      /"mamba2" is not supported; this version knows .*llama/,
    ],
    ['no architecture', { ...tinyLlama, model_type: undefined }, /model_type is missing/],
    ['an activation', { ...tinyLlama, hidden_act: 'xielu' }, /hidden_act asks for "xielu", which is none of .*silu/],
    [
      'a kind of scaling',
      scaled({ type: 'ntk' }),
      /rope_scaling\.type asks for "ntk", which is none of default, linear/,
    ],
    [
      'a kind of scaling in the newer layout',
      { ...tinyLlama, rope_scaling: null, rope_parameters: { rope_type: 'axial' } },
      /rope_parameters\.rope_type asks for "axial", which is none of/,
    ],
    [
      'a scaling of several axes',
      scaled({ type: 'default', mrope_section: [8, 12, 12] }),
      /rope_scaling\.mrope_section asks for/,
    ],
    ['a scaling that is a number', { ...tinyLlama, rope_scaling: 2 }, /rope_scaling is not an object/],
    ['a scaling without its factor', scaled({ type: 'linear' }), /rope_scaling\.factor is wrong/],
    ['a factor in words', scaled({ ...yarn, factor: 'four' }), /rope_scaling\.factor is wrong/],
    ['a base of zero', { ...tinyLlama, rope_theta: 0 }, /rope_theta is wrong/],
    [
      'factors for other heads',
      scaled({ type: 'longrope', short_factor: [1, 1], long_factor: [1, 1] }),
      /rope_scaling\.short_factor is not a list of 32 numbers.*it has 2/,
    ],
    ['parts of heads', { ...qwen3, partial_rotary_factor: 0.5 }, /asks for 0\.5 of each head.*turns whole heads/],
    ['heads of odd width', { ...qwen3, head_dim: 15 }, /asks for 15 values of each head.*no even part of 15/],
    [
      'a kind of layer',
      { ...tinyLlama, layer_types: ['linear_attention'] },
      /layer_types\.0 asks for "linear_attention"/,
    ],
    [
      'windows on some layers',
      { ...mistral7b, layer_types: ['full_attention'] },
      /layer_types asks for windows on some/,
    ],
    [
      'too few kinds of layers',
      { ...qwen3, layer_types: ['full_attention'] },
      /layer_types is not a list with one.* 28 /,
    ],
    [
      'windows without a width',
      { ...qwen3, num_hidden_layers: 1, layer_types: ['sliding_attention'] },
      /layer_types asks for sliding_attention, but use_sliding_window/,
    ],
    ['several axes', { ...qwen25, use_mrope: true }, /use_mrope asks for a rotary embedding of several axes/],
    ['layers of different shapes', { ...tinyLlama, per_layer_config: {} }, /per_layer_config asks for/],
    ['heads without a whole width', { ...tinyLlama, num_attention_heads: 30 }, /hidden_size is not a multiple of/],
    ['heads that share no keys', { ...tinyLlama, num_key_value_heads: 5 }, /num_key_value_heads is not a divisor/],
    ['a width in words', { ...tinyLlama, hidden_size: 'wide' }, /hidden_size is wrong/],
  ])('%s is refused by name', (_, config, sentence) => {
    expect(() => modelOf(config, '/models/mine/config.json')).toThrow(sentence)
    expect(() => modelOf(config, '/models/mine/config.json')).toThrow(/^\/models\/mine\/config\.json: [^\n]*\.$/)
  })
})
