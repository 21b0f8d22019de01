/**
 * `adapter_config.json`. Read strictly: what we do not understand must be switched off, or the adapter would mean
 * something else than what we compute.
 * Source: huggingface/peft, `LoraConfig`.
 */
import { z } from 'zod'
import { isRecord } from '../files/json'
import { EngineError } from '../protocol'
import { valueFor } from './peft-rules'

export const biasChoices = ['none', 'all', 'lora_only'] as const

export type AdapterConfig = {
  r: number
  alpha: number
  dropout: number
  /** Ranks and alphas of layers that differ, by patterns for the ends of their names. */
  rankPattern: Readonly<Record<string, number>>
  alphaPattern: Readonly<Record<string, number>>
  /** Scale by alpha / √r in place of alpha / r (Kalajdzievski 2023). */
  rslora: boolean
  /** Train the length of each row apart from its direction. */
  dora: boolean
  /** Names of modules, by whole last parts. Empty where only the weights say which layers are meant. */
  targetModules: readonly string[]
  /** Modules that are trained whole. */
  modulesToSave: readonly string[]
  /** Which biases are trained: those of layers with an adapter, or all. */
  bias: (typeof biasChoices)[number]
  /** Whether the base stores its matrices [inputs, outputs], as GPT-2's Conv1D does. */
  fanInFanOut: boolean
  /** Name or path of the base model. */
  baseModel: string | null
}

/** The rank of a layer's adapter, and the factor of its product. */
export function rankAndScale(
  config: Pick<AdapterConfig, 'r' | 'alpha' | 'rankPattern' | 'alphaPattern' | 'rslora'>,
  path: string,
) {
  const r = valueFor(config.rankPattern, path) ?? config.r
  const alpha = valueFor(config.alphaPattern, path) ?? config.alpha
  return { r, scale: alpha / (config.rslora ? Math.sqrt(r) : r) }
}

const rank = z.number({ error: 'is not a number' }).int().min(1)
const alpha = z.number({ error: 'is not a number' }).positive()
const flag = z.boolean({ error: 'is neither true nor false' }).default(false)
const names = z
  .union([z.string(), z.array(z.string())])
  .nullable()
  .default(null)

const Understood = z.object({
  peft_type: z.literal('LORA', { error: 'is not LORA, the only kind of adapter that this version reads' }),
  task_type: z
    .literal('CAUSAL_LM', { error: 'is not CAUSAL_LM: the adapter is for another kind of task' })
    .nullable()
    .default(null),
  r: rank,
  lora_alpha: alpha,
  lora_dropout: z.number({ error: 'is not a number' }).min(0).lt(1).default(0),
  rank_pattern: z.record(z.string(), rank).nullable().default(null),
  alpha_pattern: z.record(z.string(), alpha).nullable().default(null),
  use_rslora: flag,
  use_dora: flag,
  target_modules: names,
  exclude_modules: names,
  layers_to_transform: z
    .union([z.number(), z.array(z.number())])
    .nullable()
    .default(null),
  modules_to_save: z.array(z.string().min(1)).nullable().default(null),
  bias: z.enum(biasChoices, { error: `is none of ${biasChoices.join(', ')}` }).default('none'),
  fan_in_fan_out: flag,
  base_model_name_or_path: z.string().nullable().default(null),
  init_lora_weights: z
    .union([z.boolean(), z.enum(['gaussian', 'eva', 'orthogonal'])], {
      error: "changes the base model's own weights, which is not supported: convert the adapter to plain LoRA in peft",
    })
    .default(true),
})

/** Fields that change nothing in what a finished adapter computes, whatever they say. */
const harmless = new Set([
  'auto_mapping',
  'corda_config',
  'eva_config',
  'inference_mode',
  'layers_pattern',
  'lora_ga_config',
  'megatron_config',
  'megatron_core',
  'peft_version',
  'qalora_group_size',
  'revision',
  'runtime_config',
])

/** @throws EngineError `bad_model` naming the field. */
export function parseAdapterConfig(json: unknown, file: string): AdapterConfig {
  const parsed = Understood.safeParse(json)
  if (!isRecord(json) || !parsed.success) throw new EngineError('bad_model', refusal(parsed.error, file))
  for (const [name, value] of Object.entries(json))
    if (!(name in Understood.shape) && !harmless.has(name) && !isOff(value))
      throw new EngineError('bad_model', `${file}: the adapter uses ${name}, which this version does not support.`)
  return fromPeft(parsed.data)
}

function fromPeft(json: z.infer<typeof Understood>): AdapterConfig {
  const { target_modules: targets, exclude_modules: excluded, layers_to_transform: layers } = json
  const namesSuffice = Array.isArray(targets) && isOff(excluded) && isOff(layers)
  return {
    r: json.r,
    alpha: json.lora_alpha,
    dropout: json.lora_dropout,
    rankPattern: json.rank_pattern ?? {},
    alphaPattern: json.alpha_pattern ?? {},
    rslora: json.use_rslora,
    dora: json.use_dora,
    targetModules: namesSuffice ? targets : [],
    modulesToSave: json.modules_to_save ?? [],
    bias: json.bias,
    fanInFanOut: json.fan_in_fan_out,
    baseModel: json.base_model_name_or_path,
  }
}

function refusal(error: z.ZodError | undefined, file: string): string {
  const issue = error?.issues[0]
  if (!issue || issue.path.length === 0) return `${file} is not a JSON object.`
  return `${file}: ${issue.path.join('.')} ${/^(is|changes) /.test(issue.message) ? issue.message : `is wrong (${issue.message})`}.`
}

/** Not in use: null, false, or empty. */
const isOff = (value: unknown): boolean =>
  value === null || value === false || value === '' || (typeof value === 'object' && Object.keys(value!).length === 0)

/** The fields that every version of peft since 0.9 reads. */
export function configToWrite(config: AdapterConfig): Record<string, unknown> {
  return {
    alpha_pattern: config.alphaPattern,
    auto_mapping: null,
    base_model_name_or_path: config.baseModel,
    bias: config.bias,
    fan_in_fan_out: config.fanInFanOut,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    modules_to_save: config.modulesToSave.length > 0 ? config.modulesToSave : null,
    peft_type: 'LORA',
    r: config.r,
    rank_pattern: config.rankPattern,
    revision: null,
    target_modules: config.targetModules,
    task_type: 'CAUSAL_LM',
    use_dora: config.dora,
    use_rslora: config.rslora,
  }
}
