/**
 * The arguments of a training run: the Hugging Face `Trainer`'s names, defaults and meaning, those of `peft` for
 * LoRA, in snake_case. One table serves the form, the command line, the files and the engine.
 * Source: transformers.TrainingArguments, peft.LoraConfig.
 */
import { z } from 'zod'

/** How an argument is presented. `level: advanced` hides it behind a disclosure in the form. */
export type Presentation = { group: ArgumentGroup; level: 'basic' | 'advanced'; title: string; help: string }
export const argumentGroups = [
  'Method',
  'Length',
  'Optimizer',
  'Batches',
  'Data',
  'Evaluation and saving',
  'Output',
] as const
export type ArgumentGroup = (typeof argumentGroups)[number]

const presentation = new Map<string, Presentation>()

const count = z.number().int().min(1)
const natural = z.number().int().min(0)
const positive = z.number().positive()
const fraction = z.number().min(0).max(1)
const strategy = z.enum(['no', 'steps', 'epoch'])
const names = z.array(z.string().min(1)).min(1)

type Row = [schema: z.ZodType, group: ArgumentGroup, level: 'basic' | 'advanced', title: string, help: string]

function table<const T extends Record<string, Row>>(rows: T) {
  for (const [name, [, group, level, title, help]] of Object.entries(rows))
    presentation.set(name, { group, level, title, help })
  return Object.fromEntries(Object.entries(rows).map(([name, [schema]]) => [name, schema])) as {
    [K in keyof T]: T[K][0]
  }
}

// biome-ignore format: a table
const shape = table({
  method: [z.enum(['lora', 'qlora', 'full']), 'Method', 'basic', 'Method', 'LoRA trains small matrices beside the frozen model; QLoRA does so over a model in 4 bits; full trains every weight.'],
  base_quantization: [z.enum(['none', 'int8', 'nf4', 'fp4']), 'Method', 'basic', 'Frozen weights', 'How the frozen linear layers are held: as they are, in 8 bits (fast), or in 4 bits (small).'],
  bnb_4bit_use_double_quant: [z.boolean(), 'Method', 'advanced', 'Double quantization', 'With 4 bits: the blocks\' scales are quantized too, which saves 0.4 bits a weight.'],
  lora_r: [count.max(1024), 'Method', 'basic', 'LoRA rank (r)', 'Width of the adapter matrices. More learns more and weighs more.'],
  lora_alpha: [positive, 'Method', 'basic', 'LoRA alpha', 'The adapter is scaled by alpha / r.'],
  lora_dropout: [z.number().min(0).lt(1), 'Method', 'advanced', 'LoRA dropout', 'Share of the adapter\'s inputs dropped while training.'],
  target_modules: [z.union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)]), 'Method', 'advanced', 'Target modules', 'Linear layers that get an adapter: all-linear, or names such as c_attn, c_proj.'],
  use_rslora: [z.boolean(), 'Method', 'advanced', 'Rank-stabilized scale', 'Scale the adapter by alpha / √r in place of alpha / r.'],
  use_dora: [z.boolean(), 'Method', 'advanced', 'DoRA', 'Train the length of each weight row apart from its direction.'],
  rank_pattern: [z.record(z.string().min(1), count.max(1024)), 'Method', 'advanced', 'Rank by layer', 'Ranks of layers that differ from r: {"c_proj": 4}.'],
  alpha_pattern: [z.record(z.string().min(1), positive), 'Method', 'advanced', 'Alpha by layer', 'Alphas of layers that differ: {"c_proj": 8}.'],
  modules_to_save: [names.nullable(), 'Method', 'advanced', 'Modules trained in full', 'Modules trained whole beside the adapters and saved with them, such as lm_head.'],
  bias: [z.enum(['none', 'all', 'lora_only']), 'Method', 'advanced', 'Biases', 'Whether biases are trained too: none, all, or those of layers with an adapter.'],
  freeze: [names.nullable(), 'Method', 'advanced', 'Frozen tensors', 'With full: patterns of tensors that stay as they are, such as *.wte.weight, transformer.h.[0-5].*'],
  init_adapter: [z.string().min(1).nullable(), 'Method', 'advanced', 'Start from adapter', 'Folder of a PEFT adapter to go on from; it sets r, alpha and targets.'],
  num_train_epochs: [positive, 'Length', 'basic', 'Epochs', 'How many times the run reads the whole data set.'],
  max_steps: [z.union([z.literal(-1), count]), 'Length', 'basic', 'Max steps', 'Optimizer steps; overrides epochs. −1 leaves it to the epochs.'],
  max_length: [count.min(2), 'Length', 'basic', 'Max length', 'Longer rows are cut to this many tokens, at the right.'],
  optim: [z.enum(['adamw_torch', 'adamw_8bit', 'lion_32bit', 'adafactor']), 'Optimizer', 'advanced', 'Optimizer', 'AdamW; the same with 8-bit moments; Lion (take a third to a tenth of the learning rate); or Adafactor.'],
  learning_rate: [positive, 'Optimizer', 'basic', 'Learning rate', 'Peak learning rate.'],
  lr_scheduler_type: [z.enum(['linear', 'cosine', 'cosine_with_restarts', 'cosine_with_min_lr', 'polynomial', 'constant', 'constant_with_warmup', 'inverse_sqrt', 'warmup_stable_decay']), 'Optimizer', 'basic', 'Schedule', 'How the learning rate falls after warm-up.'],
  lr_scheduler_kwargs: [z.record(z.string(), z.union([z.number(), z.string()])), 'Optimizer', 'advanced', 'Schedule settings', 'What the schedule takes besides: {"num_cycles": 2}, {"min_lr_rate": 0.1}, {"num_decay_steps": 100} …'],
  warmup_steps: [natural, 'Optimizer', 'basic', 'Warm-up steps', 'Steps over which the learning rate rises from 0.'],
  warmup_ratio: [fraction, 'Optimizer', 'advanced', 'Warm-up ratio', 'Warm-up as a share of all steps, used when warm-up steps is 0.'],
  weight_decay: [z.number().min(0), 'Optimizer', 'advanced', 'Weight decay', 'Decoupled decay of matrices; biases and norm weights are left alone.'],
  adam_beta1: [z.number().min(0).lt(1), 'Optimizer', 'advanced', 'Adam β₁', 'Decay of the first moment.'],
  adam_beta2: [z.number().min(0).lt(1), 'Optimizer', 'advanced', 'Adam β₂', 'Decay of the second moment.'],
  adam_epsilon: [positive, 'Optimizer', 'advanced', 'Adam ε', 'Keeps the update finite where gradients vanish.'],
  max_grad_norm: [z.number().min(0), 'Optimizer', 'advanced', 'Max gradient norm', 'Gradients are scaled down to this global norm; 0 never clips.'],
  per_device_train_batch_size: [count, 'Batches', 'basic', 'Batch size', 'Rows in one forward and backward pass.'],
  gradient_accumulation_steps: [count, 'Batches', 'basic', 'Accumulation', 'Passes whose gradients are summed into one optimizer step.'],
  per_device_eval_batch_size: [count, 'Batches', 'advanced', 'Evaluation batch size', 'Rows in one pass of the evaluation.'],
  packing: [z.boolean(), 'Batches', 'advanced', 'Packing', 'Rows share a sequence of max length tokens without seeing each other; the batch size then counts sequences.'],
  gradient_checkpointing: [z.boolean(), 'Batches', 'advanced', 'Gradient checkpointing', 'Compute each layer again on the way back in place of keeping it: less memory, a little slower.'],
  completion_only_loss: [z.boolean(), 'Data', 'basic', 'Learn answers only', 'The loss counts the completion and not the prompt.'],
  shuffle: [z.boolean(), 'Data', 'advanced', 'Shuffle', 'Read rows in an order that follows from the seed alone.'],
  validation_split: [z.number().min(0).lt(1), 'Data', 'basic', 'Validation share', 'Share of the rows held out to measure the evaluation loss.'],
  seed: [natural.max(2 ** 32 - 1), 'Data', 'advanced', 'Seed', 'Fixes the row order, the adapter\'s first values and dropout.'],
  model_dropout: [z.enum(['none', 'config']), 'Data', 'advanced', 'Model dropout', 'config applies the dropout that the model\'s own configuration names.'],
  neftune_noise_alpha: [positive.nullable(), 'Data', 'advanced', 'NEFTune noise', 'Noise on the embeddings while training; 5 is usual. Empty adds none.'],
  label_smoothing_factor: [z.number().min(0).lt(1), 'Data', 'advanced', 'Label smoothing', 'Share of each target that is spread over the whole vocabulary.'],
  eval_strategy: [strategy, 'Evaluation and saving', 'basic', 'Evaluate', 'When to measure the loss on the validation rows.'],
  eval_steps: [count.nullable(), 'Evaluation and saving', 'advanced', 'Evaluation steps', 'With evaluation by steps: how often. Empty follows the logging steps.'],
  save_strategy: [strategy, 'Evaluation and saving', 'basic', 'Save', 'When to write a checkpoint. The last step is always saved.'],
  save_steps: [count, 'Evaluation and saving', 'advanced', 'Saving steps', 'With saving by steps: how often.'],
  save_total_limit: [count.nullable(), 'Evaluation and saving', 'advanced', 'Checkpoints kept', 'Older checkpoints beyond this number are deleted; the best one stays. Empty keeps all.'],
  load_best_model_at_end: [z.boolean(), 'Evaluation and saving', 'advanced', 'Keep the best', 'The run\'s model is the checkpoint with the lowest evaluation loss.'],
  early_stopping_patience: [count.nullable(), 'Evaluation and saving', 'advanced', 'Early stopping', 'Stop after this many evaluations without a better loss. Empty never does.'],
  logging_steps: [count, 'Output', 'basic', 'Logging steps', 'Steps between two points of the loss curve.'],
  logging_dir: [z.string().min(1).nullable(), 'Output', 'advanced', 'Log folder', 'A copy of the log as JSON lines is kept here. Empty keeps it with the run alone.'],
  output_dir: [z.string().min(1).nullable(), 'Output', 'advanced', 'Output folder', 'Where checkpoints go. Empty keeps them in the studio\'s data folder.'],
  device: [z.enum(['auto', 'cpu']), 'Output', 'advanced', 'Device', 'auto takes the best device there is.'],
})

/** Every argument in force, in snake_case. */
export const TrainingArguments = z.strictObject(shape)
export type TrainingArguments = z.infer<typeof TrainingArguments>

/** What a person, a preset or a model folder's `camelot.json` gives: any part of the arguments. */
export const GivenArguments = TrainingArguments.partial()
export type GivenArguments = z.infer<typeof GivenArguments>

export type ArgumentName = keyof TrainingArguments
export const argumentNames = Object.keys(shape) as ArgumentName[]
export const presentationOf = (name: ArgumentName): Presentation => presentation.get(name)!

/** What the resolution of defaults depends on besides the arguments. */
export type ArgumentContext = {
  /** Longest context of the model, in tokens. */
  contextLength: number
  /** Whether a separate validation set was given. */
  hasValidationData: boolean
  /** Whether the rows have a prompt apart from their completion. */
  hasPrompts: boolean
}

const defaults: TrainingArguments = {
  method: 'lora',
  base_quantization: 'none',
  bnb_4bit_use_double_quant: false,
  lora_r: 16,
  lora_alpha: 32,
  lora_dropout: 0,
  target_modules: 'all-linear',
  use_rslora: false,
  use_dora: false,
  rank_pattern: {},
  alpha_pattern: {},
  modules_to_save: null,
  bias: 'none',
  freeze: null,
  init_adapter: null,
  num_train_epochs: 3,
  max_steps: -1,
  max_length: 512,
  optim: 'adamw_torch',
  learning_rate: 2e-4,
  lr_scheduler_type: 'linear',
  lr_scheduler_kwargs: {},
  warmup_steps: 0,
  warmup_ratio: 0,
  weight_decay: 0,
  adam_beta1: 0.9,
  adam_beta2: 0.999,
  adam_epsilon: 1e-8,
  max_grad_norm: 1,
  per_device_train_batch_size: 4,
  gradient_accumulation_steps: 1,
  per_device_eval_batch_size: 4,
  packing: false,
  gradient_checkpointing: false,
  completion_only_loss: true,
  shuffle: true,
  validation_split: 0.1,
  seed: 42,
  model_dropout: 'none',
  neftune_noise_alpha: null,
  label_smoothing_factor: 0,
  eval_strategy: 'epoch',
  eval_steps: null,
  save_strategy: 'epoch',
  save_steps: 500,
  save_total_limit: null,
  load_best_model_at_end: false,
  early_stopping_patience: null,
  logging_steps: 10,
  logging_dir: null,
  output_dir: null,
  device: 'auto',
}

const fullLearningRate = 5e-5

/**
 * Every argument in force: what was given wins over what the model folder recommends, which wins over the defaults.
 * `max_length` is cut to the model's context; evaluation is off where nothing is held out.
 * @throws ArgumentError where two arguments contradict each other.
 */
export function resolveArguments(
  given: GivenArguments,
  recommended: GivenArguments,
  context: ArgumentContext,
): TrainingArguments {
  const named = withoutUndefined({ ...fitting(recommended, given), ...withoutUndefined(given) }) as GivenArguments
  const resolved: TrainingArguments = { ...defaults, ...named }
  if (named.learning_rate === undefined && resolved.method === 'full') resolved.learning_rate = fullLearningRate
  if (resolved.method === 'qlora') {
    resolved.base_quantization = named.base_quantization ?? 'nf4'
    resolved.gradient_checkpointing = named.gradient_checkpointing ?? true
  }
  if (named.completion_only_loss === undefined) resolved.completion_only_loss = context.hasPrompts
  if (context.hasValidationData) resolved.validation_split = 0
  const validates = context.hasValidationData || resolved.validation_split > 0
  if (!validates && given.eval_strategy === undefined) resolved.eval_strategy = 'no'
  resolved.max_length = Math.min(resolved.max_length, context.contextLength)
  contradictions(resolved, validates)
  return resolved
}

/** A learning rate that is recommended for adapters is far too high for whole weights, and the other way round. */
function fitting(recommended: GivenArguments, given: GivenArguments): GivenArguments {
  const isFull = (method: TrainingArguments['method'] | undefined) => (method ?? defaults.method) === 'full'
  if (isFull(given.method ?? recommended.method) === isFull(recommended.method)) return recommended
  const { learning_rate: _, ...others } = recommended
  return others
}

export class ArgumentError extends Error {
  constructor(
    readonly argument: ArgumentName,
    message: string,
  ) {
    super(message)
    this.name = 'ArgumentError'
  }
}

function contradictions(resolved: TrainingArguments, validates: boolean) {
  if (resolved.method === 'full' && resolved.base_quantization !== 'none')
    throw new ArgumentError(
      'base_quantization',
      `base_quantization is ${resolved.base_quantization}, but with method full every weight is trained and none is frozen: use method lora, or leave base_quantization out.`,
    )
  if (resolved.method === 'qlora' && !['nf4', 'fp4'].includes(resolved.base_quantization))
    throw new ArgumentError(
      'base_quantization',
      `base_quantization is ${resolved.base_quantization}, but qlora means a base in 4 bits: use nf4 or fp4, or method lora.`,
    )
  if (resolved.eval_strategy !== 'no' && !validates)
    throw new ArgumentError(
      'eval_strategy',
      `eval_strategy is ${resolved.eval_strategy}, but there are no validation rows: give a validation file, or a validation_split above 0.`,
    )
  if (resolved.early_stopping_patience !== null && resolved.eval_strategy === 'no')
    throw new ArgumentError(
      'early_stopping_patience',
      'early_stopping_patience needs an evaluation: set eval_strategy to steps or epoch.',
    )
  if (resolved.load_best_model_at_end && resolved.eval_strategy === 'no')
    throw new ArgumentError(
      'load_best_model_at_end',
      'load_best_model_at_end needs an evaluation: set eval_strategy to steps or epoch.',
    )
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<T>
}

export type Preset = { id: string; title: string; help: string; arguments: GivenArguments }

/** Starting points in the form. The person's own changes are laid over them. */
export const presets: readonly Preset[] = [
  {
    id: 'quick-look',
    title: 'Quick look',
    help: 'A short run, to see that the data is read as you mean it.',
    arguments: { max_steps: 20, logging_steps: 1, warmup_steps: 2, eval_strategy: 'no', save_strategy: 'no' },
  },
  {
    id: 'balanced',
    title: 'Balanced',
    help: 'What the model recommends, else the usual defaults.',
    arguments: {},
  },
  {
    id: 'seed-recipe',
    title: 'The seed recipe',
    help: 'One epoch, one row at a time, 100 steps of warm-up: the classic first Trainer script.',
    arguments: {
      num_train_epochs: 1,
      per_device_train_batch_size: 1,
      per_device_eval_batch_size: 1,
      warmup_steps: 100,
      weight_decay: 0.01,
      logging_steps: 10,
    },
  },
]

/** `camelot.json` in a model folder: what the model's maker recommends. */
export const ModelRecommendations = z.object({
  training_arguments: GivenArguments.default({}),
  sample_prompts: z.array(z.string()).default([]),
})
export type ModelRecommendations = z.infer<typeof ModelRecommendations>
