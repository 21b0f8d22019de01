/**
 * A random Llama (Touvron et al. 2023) with grouped queries (Ainslie et al. 2023) and a head of its own. Weights are
 * uniform with transformers' deviation of 0.02: a thousand million normal numbers would take minutes to draw.
 */
import type { Random } from './random'
import type { Tensor } from './safetensors-file'
import type { Linear, SyntheticModel } from './synthetic-model'

export type LlamaShape = {
  layers: number
  width: number
  heads: number
  keyValueHeads: number
  /** Width between the gated MLP's matrices. */
  inner: number
  positions: number
}

const vocabularySize = 32_000

export function llamaModel(title: string, shape: LlamaShape, dtype: SyntheticModel['dtype']): SyntheticModel {
  return {
    title,
    layers: shape.layers,
    positions: shape.positions,
    vocabularySize,
    configuration: configuration(shape, dtype),
    dtype,
    tensors: (random) => tensors(shape, random),
    linears: blocks(shape).flatMap((prefix): Linear[] =>
      linearLayers(shape).map(([name, inputs, outputs]) => ({ path: `${prefix}.${name}`, inputs, outputs })),
    ),
    targets: linearLayers(shape).map(([name]) => name.split('.').at(-1)!),
    fanInFanOut: false,
  }
}

/** transformers' LlamaConfig. */
function configuration(shape: LlamaShape, dtype: SyntheticModel['dtype']): object {
  return {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    vocab_size: vocabularySize,
    max_position_embeddings: shape.positions,
    hidden_size: shape.width,
    intermediate_size: shape.inner,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.keyValueHeads,
    hidden_act: 'silu',
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    attention_bias: false,
    attention_dropout: 0,
    mlp_bias: false,
    initializer_range: 0.02,
    tie_word_embeddings: false,
    bos_token_id: vocabularySize - 1,
    eos_token_id: vocabularySize - 1,
    dtype: dtype === 'F32' ? 'float32' : 'bfloat16',
  }
}

const blocks = ({ layers }: LlamaShape) => Array.from({ length: layers }, (_, layer) => `model.layers.${layer}`)

/** Name, inputs and outputs of a block's linear layers. */
function linearLayers({ width, heads, keyValueHeads, inner }: LlamaShape): [string, number, number][] {
  const narrow = (width / heads) * keyValueHeads
  return [
    ['self_attn.q_proj', width, width],
    ['self_attn.k_proj', width, narrow],
    ['self_attn.v_proj', width, narrow],
    ['self_attn.o_proj', width, width],
    ['mlp.gate_proj', width, inner],
    ['mlp.up_proj', width, inner],
    ['mlp.down_proj', inner, width],
  ]
}

/** A uniform number in ±√3·σ has deviation σ. */
const spread = 0.02 * Math.sqrt(3)

function tensors(shape: LlamaShape, random: Random): Tensor[] {
  const { width } = shape
  const matrix = (name: string, outputs: number, inputs: number): Tensor => ({
    name: `${name}.weight`,
    shape: [outputs, inputs],
    value: () => spread * (2 * random.uniform() - 1),
  })
  const norm = (name: string): Tensor => ({ name: `${name}.weight`, shape: [width], value: () => 1 })
  const block = (prefix: string) => [
    norm(`${prefix}.input_layernorm`),
    norm(`${prefix}.post_attention_layernorm`),
    ...linearLayers(shape).map(([name, inputs, outputs]) => matrix(`${prefix}.${name}`, outputs, inputs)),
  ]
  return [
    matrix('model.embed_tokens', vocabularySize, width),
    ...blocks(shape).flatMap(block),
    norm('model.norm'),
    matrix('lm_head', vocabularySize, width),
  ]
}
