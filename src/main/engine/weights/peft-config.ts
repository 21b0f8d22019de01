/**
 * `adapter_config.json`. Read strictly: what we do not understand must be switched off, or the adapter would mean
 * something else than what we compute.
 * Source: huggingface/peft, `LoraConfig`.
 */
import { z } from 'zod'
import { isRecord } from '../files/json'
import { EngineError } from '../protocol'

export type AdapterConfig = {
  r: number
  /** The adapter is scaled by alpha / r. */
  alpha: number
  dropout: number
  /** As the file has them: parts of names, or one text that peft takes for a pattern. Which layers there are, the weights say. */
  targetModules: string | readonly string[]
  /** Whether the base stores its matrices [inputs, outputs], as GPT-2's Conv1D does. */
  fanInFanOut: boolean
  /** Name or path of the base model; for people. */
  baseModel: string | null
}

const Understood = z.object({
  peft_type: z.literal('LORA', { error: 'is not LORA, the only kind of adapter that this version reads' }),
  task_type: z
    .literal('CAUSAL_LM', { error: 'is not CAUSAL_LM: the adapter is for another kind of task' })
    .nullable()
    .default(null),
  r: z.number({ error: 'is not a number' }).int().min(1),
  lora_alpha: z.number({ error: 'is not a number' }).positive(),
  lora_dropout: z.number({ error: 'is not a number' }).min(0).lt(1).default(0),
  target_modules: z
    .union([z.string(), z.array(z.string())])
    .nullable()
    .default(null),
  fan_in_fan_out: z.boolean().default(false),
  bias: z.literal('none', { error: 'is not "none": trained biases are not supported' }).default('none'),
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
  'exclude_modules',
  'inference_mode',
  'layers_pattern',
  'layers_to_transform',
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
  const { r, lora_alpha, lora_dropout, target_modules, fan_in_fan_out, base_model_name_or_path } = parsed.data
  return {
    r,
    alpha: lora_alpha,
    dropout: lora_dropout,
    targetModules: target_modules ?? [],
    fanInFanOut: fan_in_fan_out,
    baseModel: base_model_name_or_path,
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

/** The fields that every version of peft since 0.5 reads. */
export function configToWrite(config: AdapterConfig): Record<string, unknown> {
  return {
    alpha_pattern: {},
    auto_mapping: null,
    base_model_name_or_path: config.baseModel,
    bias: 'none',
    fan_in_fan_out: config.fanInFanOut,
    inference_mode: true,
    init_lora_weights: true,
    layers_pattern: null,
    layers_to_transform: null,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    modules_to_save: null,
    peft_type: 'LORA',
    r: config.r,
    rank_pattern: {},
    revision: null,
    target_modules: config.targetModules,
    task_type: 'CAUSAL_LM',
  }
}
