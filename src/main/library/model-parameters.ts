/**
 * How many parameters a model has and how many a run would train, from the shapes in its weights' headers alone.
 * Sources: transformers' `modeling_gpt2.py` (tied head, mask buffers), peft's `LoraLayer` and target matching.
 */
import type { TrainingArguments } from '../../shared/contract'
import type { Checkpoint } from '../engine/weights/checkpoint'
import { elementsIn } from '../engine/weights/dtypes'

type Shaped = { name: string; shape: readonly number[] }

/** Causal masks that old checkpoints carry along; not parameters. */
const isBuffer = (name: string) => /\.attn\.(bias|masked_bias)$/.test(name)

/** The output head is the embedding again unless the configuration unties it. */
const isTiedHead = (name: string, config: Record<string, unknown>) =>
  name === 'lm_head.weight' && config.tie_word_embeddings !== false

export function countParameters(tensors: Iterable<Shaped>, config: Record<string, unknown>): number {
  let total = 0
  for (const { name, shape } of tensors) if (!isBuffer(name) && !isTiedHead(name, config)) total += elementsIn(shape)
  return total
}

export const bytesOf = (checkpoint: Checkpoint): number => checkpoint.files.reduce((total, { size }) => total + size, 0)

/** The linear layers of a block, by the name their weights end in: [in, out] in GPT-2's Conv1D. */
const linearWeight = /(?:^|\.)h\.\d+\.(?:attn|mlp)\.(c_attn|c_proj|c_fc)\.weight$/

/** Parameters of the adapter that LoRA would add: r · (in + out) for each linear layer that is a target. */
export function countAdapterParameters(
  tensors: Iterable<Shaped>,
  { lora_r, target_modules }: Pick<TrainingArguments, 'lora_r' | 'target_modules'>,
): number {
  let total = 0
  for (const { name, shape } of tensors) {
    if (!linearWeight.test(name) || !isTarget(name.replace(/\.weight$/, ''), target_modules)) continue
    total += lora_r * (shape[0]! + shape[1]!)
  }
  return total
}

/** peft takes a module whose path is a target's name, or ends in it after a dot. */
const isTarget = (module: string, targets: TrainingArguments['target_modules']) =>
  targets === 'all-linear' || targets.some((target) => module === target || module.endsWith(`.${target}`))
