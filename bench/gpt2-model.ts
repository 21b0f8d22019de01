/**
 * A random GPT-2. Initial values as GPT-2's (Radford et al. 2019): weights normal with deviation 0.02, projections back
 * into the residual stream scaled by 1/√(2·layers).
 */
import type { Random } from './random'
import type { Tensor } from './safetensors-file'
import type { Linear, SyntheticModel } from './synthetic-model'

export type Gpt2Shape = { layers: number; width: number; heads: number; positions: number }

const vocabularySize = 50_257

export function gpt2Model(title: string, shape: Gpt2Shape): SyntheticModel {
  return {
    title,
    layers: shape.layers,
    positions: shape.positions,
    vocabularySize,
    configuration: configuration(shape),
    dtype: 'F32',
    tensors: (random) => tensors(shape, random),
    linears: blocks(shape).flatMap((prefix): Linear[] =>
      linearLayers(shape).map(({ name, inputs, outputs }) => ({ path: `${prefix}.${name}`, inputs, outputs })),
    ),
    targets: ['c_attn', 'c_fc', 'c_proj'],
    fanInFanOut: true,
  }
}

/** transformers' GPT2Config, with dropout off: the two sides must draw the same curve. */
function configuration(shape: Gpt2Shape): object {
  return {
    model_type: 'gpt2',
    architectures: ['GPT2LMHeadModel'],
    vocab_size: vocabularySize,
    n_positions: shape.positions,
    n_embd: shape.width,
    n_layer: shape.layers,
    n_head: shape.heads,
    n_inner: null,
    activation_function: 'gelu_new',
    layer_norm_epsilon: 1e-5,
    initializer_range: 0.02,
    resid_pdrop: 0,
    embd_pdrop: 0,
    attn_pdrop: 0,
    tie_word_embeddings: true,
    bos_token_id: vocabularySize - 1,
    eos_token_id: vocabularySize - 1,
    dtype: 'float32',
  }
}

const blocks = ({ layers }: Gpt2Shape) => Array.from({ length: layers }, (_, layer) => `transformer.h.${layer}`)

/** Inputs, outputs and spread of a block's linear layers, under their names in the checkpoint. */
const linearLayers = ({ width, layers }: Gpt2Shape) => {
  const residual = 1 / Math.sqrt(2 * layers)
  return [
    { name: 'attn.c_attn', inputs: width, outputs: 3 * width, scale: 1 },
    { name: 'attn.c_proj', inputs: width, outputs: width, scale: residual },
    { name: 'mlp.c_fc', inputs: width, outputs: 4 * width, scale: 1 },
    { name: 'mlp.c_proj', inputs: 4 * width, outputs: width, scale: residual },
  ]
}

function tensors(shape: Gpt2Shape, random: Random): Tensor[] {
  const { width, positions } = shape
  const normal = (name: string, scale: number, ...size: number[]): Tensor => ({
    name,
    shape: size,
    value: () => 0.02 * scale * random.normal(),
  })
  const constant = (name: string, value: number, size: number): Tensor => ({ name, shape: [size], value: () => value })
  const norm = (name: string) => [constant(`${name}.weight`, 1, width), constant(`${name}.bias`, 0, width)]
  const block = (prefix: string) => [
    ...norm(`${prefix}.ln_1`),
    ...norm(`${prefix}.ln_2`),
    ...linearLayers(shape).flatMap(({ name, inputs, outputs, scale }) => [
      normal(`${prefix}.${name}.weight`, scale, inputs, outputs), // Conv1D: [in, out]
      constant(`${prefix}.${name}.bias`, 0, outputs),
    ]),
  ]
  return [
    normal('transformer.wte.weight', 1, vocabularySize, width),
    normal('transformer.wpe.weight', 1, positions, width),
    ...blocks(shape).flatMap(block),
    ...norm('transformer.ln_f'),
  ]
}
