/**
 * A random GPT-2 in Hugging Face layout, and a LoRA adapter for it in PEFT layout, made from a seed without Python.
 * Initial values as GPT-2's (Radford et al. 2019) and PEFT's: weights normal with deviation 0.02, projections back into
 * the residual stream scaled by 1/√(2·layers); A uniform in ±1/√inputs (Kaiming with a = √5), B zero.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from './random'
import { type Tensor, writeSafetensors } from './safetensors-file'
import { endOfText, syntheticTokenizer, vocabularySize } from './synthetic-tokenizer'

/** Layers, width, heads and positions of a GPT-2; its vocabulary is always the original's size. */
export type Shape = { layers: number; width: number; heads: number; positions: number }
export const shapes = {
  gpt2: { layers: 12, width: 768, heads: 12, positions: 1024 },
  tiny: { layers: 2, width: 64, heads: 4, positions: 1024 },
} satisfies Record<string, Shape>
export type ShapeName = keyof typeof shapes

/** Writes config, tokenizer and weights into `folder`, the weights last. */
export function writeModel(folder: string, shape: Shape, seed: number): void {
  mkdirSync(folder, { recursive: true })
  writeJson(join(folder, 'config.json'), configuration(shape))
  writeJson(join(folder, 'tokenizer.json'), syntheticTokenizer())
  writeJson(join(folder, 'tokenizer_config.json'), {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: endOfText,
    eos_token: endOfText,
    unk_token: endOfText,
  })
  writeSafetensors(join(folder, 'model.safetensors'), modelTensors(shape, new Random(seed)))
}

/** Writes an adapter on every linear layer but the head, the weights last. */
export function writeAdapter(folder: string, shape: Shape, rank: number, alpha: number, seed: number): void {
  mkdirSync(folder, { recursive: true })
  writeJson(join(folder, 'adapter_config.json'), {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: '../model',
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: true,
    init_lora_weights: true,
    target_modules: ['c_attn', 'c_fc', 'c_proj'],
  })
  writeSafetensors(join(folder, 'adapter_model.safetensors'), adapterTensors(shape, rank, new Random(seed)))
}

/** transformers' GPT2Config, with dropout off: the two sides must draw the same curve. */
function configuration(shape: Shape): object {
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

/** Inputs, outputs and spread of a block's linear layers, under their names in the checkpoint. */
const linearLayers = ({ width, layers }: Shape) => {
  const residual = 1 / Math.sqrt(2 * layers)
  return [
    { name: 'attn.c_attn', inputs: width, outputs: 3 * width, scale: 1 },
    { name: 'attn.c_proj', inputs: width, outputs: width, scale: residual },
    { name: 'mlp.c_fc', inputs: width, outputs: 4 * width, scale: 1 },
    { name: 'mlp.c_proj', inputs: 4 * width, outputs: width, scale: residual },
  ]
}

function modelTensors(shape: Shape, random: Random): Tensor[] {
  const { layers, width, positions } = shape
  const normal = (name: string, scale: number, ...size: number[]): Tensor => ({
    name: `transformer.${name}`,
    shape: size,
    value: () => 0.02 * scale * random.normal(),
  })
  const constant = (name: string, value: number, size: number): Tensor => ({
    name: `transformer.${name}`,
    shape: [size],
    value: () => value,
  })
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
    normal('wte.weight', 1, vocabularySize, width),
    normal('wpe.weight', 1, positions, width),
    ...Array.from({ length: layers }, (_, layer) => block(`h.${layer}`)).flat(),
    ...norm('ln_f'),
  ]
}

function adapterTensors(shape: Shape, rank: number, random: Random): Tensor[] {
  const prefix = 'base_model.model.transformer.h'
  const pair = (layer: number) =>
    linearLayers(shape).flatMap(({ name, inputs, outputs }): Tensor[] => [
      {
        name: `${prefix}.${layer}.${name}.lora_A.weight`,
        shape: [rank, inputs],
        value: () => (2 * random.uniform() - 1) / Math.sqrt(inputs),
      },
      { name: `${prefix}.${layer}.${name}.lora_B.weight`, shape: [outputs, rank], value: () => 0 },
    ])
  return Array.from({ length: shape.layers }, (_, layer) => pair(layer)).flat()
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`)
}
