/**
 * A random model in Hugging Face layout, and a LoRA adapter for it in PEFT layout, made from a seed without Python.
 * What differs between families (`gpt2-model.ts`, `llama-model.ts`) is described; how it is written stands here.
 */
import { existsSync, linkSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from './random'
import { type Tensor, writeSafetensors } from './safetensors-file'
import { endOfText, syntheticTokenizer } from './synthetic-tokenizer'

/** A linear layer that gets an adapter, by its path in the model. */
export type Linear = { path: string; inputs: number; outputs: number }

export type SyntheticModel = {
  /** In words, for headings. */
  title: string
  layers: number
  /** The longest row. */
  positions: number
  vocabularySize: number
  /** config.json. */
  configuration: object
  /** Type of the weights on disk. */
  dtype: 'F32' | 'BF16'
  tensors(random: Random): Tensor[]
  linears: readonly Linear[]
  /** Last parts of the adapted layers' names. */
  targets: readonly string[]
  /** Whether weights are stored as [inputs, outputs]. */
  fanInFanOut: boolean
}

/** Writes config, tokenizer and weights into `folder`, the weights last. */
export function writeModel(folder: string, model: SyntheticModel, seed: number): void {
  writeAllButWeights(folder, model)
  writeSafetensors(join(folder, weightsFile), model.tensors(new Random(seed)), model.dtype)
}

/** A model whose weights are among those of a larger one: config and tokenizer of its own, and a link to them. */
export function linkModel(folder: string, model: SyntheticModel, largerFolder: string): void {
  writeAllButWeights(folder, model)
  linkSync(join(largerFolder, weightsFile), join(folder, weightsFile))
}

const weightsFile = 'model.safetensors'
/** The weights come last, so a folder with them is whole. */
export const isWholeModel = (folder: string) => existsSync(join(folder, weightsFile))

function writeAllButWeights(folder: string, model: SyntheticModel): void {
  mkdirSync(folder, { recursive: true })
  writeJson(join(folder, 'config.json'), model.configuration)
  writeJson(join(folder, 'tokenizer.json'), syntheticTokenizer(model.vocabularySize))
  writeJson(join(folder, 'tokenizer_config.json'), {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: endOfText,
    eos_token: endOfText,
    unk_token: endOfText,
  })
}

/** Writes an adapter on every linear layer but the head, the weights last: A uniform in ±1/√inputs, B zero. */
export function writeAdapter(folder: string, model: SyntheticModel, rank: number, alpha: number, seed: number): void {
  mkdirSync(folder, { recursive: true })
  writeJson(join(folder, 'adapter_config.json'), {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: '../model',
    r: rank,
    lora_alpha: alpha,
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: model.fanInFanOut,
    init_lora_weights: true,
    target_modules: model.targets,
  })
  writeSafetensors(join(folder, 'adapter_model.safetensors'), adapterTensors(model, rank, new Random(seed)), 'F32')
}

/** Kaiming-uniform with a = √5, as PEFT starts A. */
function adapterTensors({ linears }: SyntheticModel, rank: number, random: Random): Tensor[] {
  return linears.flatMap(({ path, inputs, outputs }): Tensor[] => [
    {
      name: `base_model.model.${path}.lora_A.weight`,
      shape: [rank, inputs],
      value: () => (2 * random.uniform() - 1) / Math.sqrt(inputs),
    },
    { name: `base_model.model.${path}.lora_B.weight`, shape: [outputs, rank], value: () => 0 },
  ])
}

function writeJson(file: string, value: object): void {
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`)
}
