/**
 * How many parameters a model has, from the shapes in its weights' headers alone, and how many a run would train.
 * Sources: transformers' `modeling_gpt2.py` (tied head, mask buffers), peft's `LoraLayer`.
 */
import type { TrainingArguments } from '../../shared/contract'
import { type Anatomy, tensorsAndHead } from '../engine/models/anatomy'
import type { Checkpoint } from '../engine/weights/checkpoint'
import { elementsIn } from '../engine/weights/dtypes'
import { isSaved, isTarget, valueFor } from '../engine/weights/peft-rules'

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

type AdapterArguments = Pick<
  TrainingArguments,
  'lora_r' | 'target_modules' | 'rank_pattern' | 'use_dora' | 'modules_to_save' | 'bias'
>

/** Parameters that a run with an adapter trains: r · (in + out) for each target, and what it trains of the model. */
export function countAdapterParameters(anatomy: Anatomy, args: AdapterArguments): number {
  const saved = args.modules_to_save ?? []
  const targets = anatomy.linears.filter(
    ({ path }) => isTarget(path, args.target_modules) && !isSaved(`${path}.weight`, saved),
  )
  const adapters = targets.map(({ path, inputs, outputs }) => {
    const rank = valueFor(args.rank_pattern, path) ?? args.lora_r
    return rank * (inputs + outputs) + (args.use_dora ? outputs : 0)
  })
  const adapted = new Set(targets.map(({ path }) => `${path}.bias`))
  const isTrained = (name: string) =>
    isSaved(name, saved) ||
    (name.endsWith('.bias') && (args.bias === 'all' || (args.bias === 'lora_only' && adapted.has(name))))
  const own = [...tensorsAndHead(anatomy)].map(([name, shape]) => (isTrained(name) ? elementsIn(shape) : 0))
  return [...adapters, ...own].reduce((sum, count) => sum + count, 0)
}
