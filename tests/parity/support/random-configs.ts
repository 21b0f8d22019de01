/**
 * Random small configurations of every architecture, as a `config.json` would have them. Activations are smooth, so that
 * a finite difference means something.
 */
import type { Random } from '../../../src/main/engine/data/random'

type Config = Record<string, unknown>
type Draw = {
  oneOf<T>(...choices: readonly T[]): T
  between(least: number, most: number): number
  switch(): boolean
}

const drawFrom = (random: Random): Draw => ({
  oneOf: (...choices) => choices[random.below(choices.length)]!,
  between: (least, most) => least + random.below(most - least + 1),
  switch: () => random.below(2) === 1,
})

const smooth = ['silu', 'gelu', 'gelu_new', 'gelu_pytorch_tanh', 'tanh'] as const
const longest = 16

/** Sizes and rotary embedding that most families name alike. */
function decoder(draw: Draw, heads: readonly number[]): Config {
  const keyValueHeads = draw.oneOf(1, 2)
  return {
    vocab_size: draw.between(11, 30),
    hidden_size: draw.oneOf(8, 12, 16),
    intermediate_size: draw.between(5, 20),
    num_hidden_layers: draw.between(1, 3),
    num_attention_heads: keyValueHeads * draw.oneOf(1, 2, 3),
    num_key_value_heads: keyValueHeads,
    head_dim: draw.oneOf(...heads),
    hidden_act: draw.oneOf(...smooth),
    rms_norm_eps: draw.oneOf(1e-6, 1e-2),
    max_position_embeddings: longest,
    tie_word_embeddings: draw.switch(),
  }
}

/** Rotary parameters of any kind, in either layout; rows are up to 12 tokens long, so that the limits lie among them. */
function rope(draw: Draw, headSize: number, kinds: readonly string[]): Config {
  const list = () => Array.from({ length: headSize / 2 }, () => 1 + draw.between(0, 9) / 4)
  const scaled: Record<string, Config> = {
    default: {},
    linear: { factor: 2 },
    dynamic: { factor: 3 },
    llama3: { factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 32 },
    yarn: { factor: 4, original_max_position_embeddings: 8, truncate: draw.switch() },
    longrope: { short_factor: list(), long_factor: list(), original_max_position_embeddings: 6 },
  }
  const kind = draw.oneOf(...kinds)
  const theta = draw.oneOf(100, 10_000)
  return draw.switch()
    ? { rope_parameters: { rope_type: kind, rope_theta: theta, ...scaled[kind] } }
    : { rope_theta: theta, rope_scaling: kind === 'default' ? null : { type: kind, ...scaled[kind] } }
}
const everyKind = ['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope']

/** `dynamic` begins to scale where max_position_embeddings ends. */
function withRope(draw: Draw, config: Config, kinds = everyKind): Config {
  const made = { ...config, ...rope(draw, Number(config.head_dim), kinds) }
  return JSON.stringify(made).includes('"dynamic"') ? { ...made, max_position_embeddings: 7 } : made
}

const windows = (draw: Draw) => ({
  use_sliding_window: draw.switch(),
  sliding_window: draw.between(1, 5),
  max_window_layers: draw.between(0, 2),
})

const gemma = (draw: Draw) => {
  const config = decoder(draw, [4, 6, 8])
  const kinds = Array.from({ length: Number(config.num_hidden_layers) }, () =>
    draw.oneOf('sliding_attention', 'full_attention'),
  )
  return {
    ...config,
    hidden_activation: draw.oneOf(...smooth),
    query_pre_attn_scalar: draw.oneOf(4, 16),
    final_logit_softcapping: draw.oneOf(null, 5, 30),
    sliding_window: draw.between(1, 5),
    layer_types: draw.oneOf(null, kinds),
    attention_bias: draw.switch(),
  }
}

const generators: Record<string, (draw: Draw) => Config> = {
  gpt2: (draw) => {
    const heads = draw.oneOf(1, 2, 3)
    return {
      n_embd: heads * draw.oneOf(4, 5),
      n_layer: draw.between(1, 3),
      n_head: heads,
      n_positions: longest,
      vocab_size: draw.between(11, 30),
      n_inner: draw.oneOf(null, 7),
      activation_function: draw.oneOf(...smooth),
      scale_attn_weights: draw.switch(),
      scale_attn_by_inverse_layer_idx: draw.switch(),
      tie_word_embeddings: draw.switch(),
    }
  },
  llama: (draw) => ({
    ...withRope(draw, decoder(draw, [4, 6, 8])),
    attention_bias: draw.switch(),
    mlp_bias: draw.switch(),
  }),
  mistral: (draw) => ({
    ...withRope(draw, decoder(draw, [4, 6, 8])),
    sliding_window: draw.oneOf(null, 1, 3, 5),
  }),
  qwen2: (draw) => ({ ...withRope(draw, decoder(draw, [4, 6, 8])), ...windows(draw) }),
  qwen3: (draw) => ({
    ...withRope(draw, decoder(draw, [4, 6, 8])),
    ...windows(draw),
    attention_bias: draw.switch(),
  }),
  phi3: (draw) => {
    const plain = { ...decoder(draw, [4, 8]), sliding_window: draw.oneOf(null, 3) }
    return draw.switch()
      ? { ...withRope(draw, plain, ['longrope']), original_max_position_embeddings: 6 }
      : { ...withRope(draw, plain, ['default']), partial_rotary_factor: draw.oneOf(0.5, 1) }
  },
  gpt_neox: (draw) => {
    const heads = draw.oneOf(1, 2, 3)
    return {
      vocab_size: draw.between(11, 30),
      hidden_size: heads * 8,
      intermediate_size: draw.between(5, 20),
      num_hidden_layers: draw.between(1, 3),
      num_attention_heads: heads,
      hidden_act: draw.oneOf(...smooth),
      max_position_embeddings: longest,
      rotary_pct: draw.oneOf(0.25, 0.5, 1),
      rotary_emb_base: draw.oneOf(100, 10_000),
      rope_scaling: draw.oneOf(null, { type: 'linear', factor: 2 }),
      use_parallel_residual: draw.switch(),
      attention_bias: draw.switch(),
      tie_word_embeddings: draw.switch(),
    }
  },
  gemma2: (draw) => ({
    ...withRope(draw, gemma(draw), ['default', 'linear']),
    attn_logit_softcapping: draw.oneOf(null, 3, 50),
  }),
  gemma3_text: (draw) => ({
    ...gemma(draw),
    sliding_window_pattern: draw.oneOf(2, 3),
    ...draw.oneOf(
      { rope_local_base_freq: 100, rope_theta: 1000, rope_scaling: { rope_type: 'linear', factor: 4 } },
      {
        rope_parameters: { full_attention: { rope_type: 'linear', factor: 8 }, sliding_attention: { rope_theta: 50 } },
      },
    ),
  }),
}

/** The architectures that a random configuration can be made for. */
export const generated = Object.keys(generators)

export const randomConfig = (modelType: string, random: Random): Config => ({
  model_type: modelType,
  ...generators[modelType]!(drawFrom(random)),
})
