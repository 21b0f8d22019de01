/** Sampling from a model. Names and defaults follow `transformers.GenerationConfig`. */
import { z } from 'zod'

export const GenerationSettings = z.strictObject({
  max_new_tokens: z.number().int().min(1).default(256),
  /** Prompt and new tokens together; overrides max_new_tokens. */
  max_length: z.number().int().min(1).nullable().default(null),
  do_sample: z.boolean().default(true),
  /** 0 is greedy. */
  temperature: z.number().min(0).max(10).default(0.7),
  /** 0 is off. */
  top_k: z.number().int().min(0).default(0),
  top_p: z.number().gt(0).max(1).default(1),
  min_p: z.number().min(0).max(1).default(0),
  repetition_penalty: z.number().positive().default(1),
  stop: z.array(z.string().min(1)).default([]),
  /** null draws one. */
  seed: z.number().int().min(0).nullable().default(null),
  skip_special_tokens: z.boolean().default(true),
})
export type GenerationSettings = z.infer<typeof GenerationSettings>
export const defaultGenerationSettings: GenerationSettings = GenerationSettings.parse({})

const given = <T extends z.ZodType>(field: z.ZodDefault<T>) => field.removeDefault().optional()
const { shape } = GenerationSettings

/** What a person gives: any part of the settings. The model's own recommendations fill it up, then our defaults. */
export const GivenGenerationSettings = z.strictObject({
  max_new_tokens: given(shape.max_new_tokens),
  max_length: given(shape.max_length),
  do_sample: given(shape.do_sample),
  temperature: given(shape.temperature),
  top_k: given(shape.top_k),
  top_p: given(shape.top_p),
  min_p: given(shape.min_p),
  repetition_penalty: given(shape.repetition_penalty),
  stop: given(shape.stop),
  seed: given(shape.seed),
  skip_special_tokens: given(shape.skip_special_tokens),
})
export type GivenGenerationSettings = z.infer<typeof GivenGenerationSettings>

export const StopReason = z.enum(['eos', 'length', 'stop', 'cancelled'])

export const GenerationEvent = z.discriminatedUnion('type', [
  /** A piece of text; never half a character. */
  z.object({ type: z.literal('token'), text: z.string() }),
  z.object({
    type: z.literal('done'),
    text: z.string(),
    tokens: z.number(),
    tokensPerSecond: z.number(),
    stopReason: StopReason,
    seed: z.number(),
  }),
])
export type GenerationEvent = z.infer<typeof GenerationEvent>
