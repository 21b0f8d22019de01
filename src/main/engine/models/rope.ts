/**
 * Reads the rotary embedding of a `config.json`, in transformers 5's layout (`rope_parameters`) and in the older one
 * (`rope_theta` and `rope_scaling`). What is left out is filled in as transformers' `modeling_rope_utils.py` does; what
 * we do not know is refused by name.
 */
import { z } from 'zod'
import { longropeAttentionFactor, type Rope, yarnAttentionFactor } from '../nn/rotary-frequencies'
import { count } from './fields'

const positive = z.number().positive()
const factors = z.array(positive)

/** Parameters of one rotary embedding. */
export const ropeParameters = z
  .record(z.string(), z.unknown(), { error: 'is not an object with the parameters of a rotary embedding.' })
  .nullish()

/** The fields of a configuration that say how heads are turned. */
export const ropeFields = {
  max_position_embeddings: count,
  rope_theta: positive.nullish(),
  rope_scaling: ropeParameters,
  rope_parameters: ropeParameters,
  partial_rotary_factor: positive.max(1).nullish(),
  original_max_position_embeddings: count.nullish(),
}
type RopeFields = z.infer<z.ZodObject<typeof ropeFields>>

const common = { rope_theta: positive, turned: count, max_position_embeddings: count }

const llama3 = z.object({
  ...common,
  rope_type: z.literal('llama3'),
  factor: positive,
  low_freq_factor: positive,
  high_freq_factor: positive,
  original_max_position_embeddings: count,
})

const yarn = z
  .object({
    ...common,
    rope_type: z.literal('yarn'),
    factor: positive.nullish(),
    original_max_position_embeddings: count,
    attention_factor: positive.nullish(),
    beta_fast: positive.nullish(),
    beta_slow: positive.nullish(),
    mscale: z.number().nullish(),
    mscale_all_dim: z.number().nullish(),
    truncate: z.boolean().nullish(),
  })
  .transform((rope) => {
    const { mscale, mscale_all_dim: mscaleOfAll } = rope
    const factor = rope.factor ?? rope.max_position_embeddings / rope.original_max_position_embeddings
    const recommended =
      mscale && mscaleOfAll
        ? yarnAttentionFactor(factor, mscale) / yarnAttentionFactor(factor, mscaleOfAll)
        : yarnAttentionFactor(factor)
    return {
      ...rope,
      factor,
      attention_factor: rope.attention_factor ?? recommended,
      beta_fast: rope.beta_fast ?? 32,
      beta_slow: rope.beta_slow ?? 1,
      truncate: rope.truncate ?? true,
    }
  })

const longrope = z
  .object({
    ...common,
    rope_type: z.literal('longrope'),
    short_factor: factors,
    long_factor: factors,
    factor: positive.nullish(),
    original_max_position_embeddings: count,
    attention_factor: positive.nullish(),
  })
  .superRefine((rope, context) => {
    for (const name of ['short_factor', 'long_factor'] as const)
      if (rope[name].length !== rope.turned / 2)
        context.addIssue({
          code: 'custom',
          path: [name],
          message: `is not a list of ${rope.turned / 2} numbers, one for each pair that is turned: it has ${rope[name].length}.`,
        })
  })
  .transform((rope) => {
    const original = rope.original_max_position_embeddings
    const factor = rope.factor ?? rope.max_position_embeddings / original
    return { ...rope, attention_factor: rope.attention_factor ?? longropeAttentionFactor(factor, original) }
  })

const kinds = {
  default: z.object({ ...common, rope_type: z.literal('default') }),
  linear: z.object({ ...common, rope_type: z.literal('linear'), factor: positive }),
  dynamic: z.object({ ...common, rope_type: z.literal('dynamic'), factor: positive }),
  llama3,
  yarn,
  longrope,
  /** The name that LongRoPE had in Phi-3's first configurations. */
  su: z.preprocess((rope) => ({ ...(rope as object), rope_type: 'longrope' }), longrope),
}

/** Parameters that change nothing, or nothing for a kind that does not use them, as in transformers. */
const known = new Set([
  ...['type', 'rope_type', 'rope_theta', 'partial_rotary_factor', 'finetuned', 'factor', 'low_freq_factor'],
  ...['high_freq_factor', 'original_max_position_embeddings', 'attention_factor', 'beta_fast', 'beta_slow', 'mscale'],
  ...['mscale_all_dim', 'truncate', 'short_factor', 'long_factor'],
])

export type RopeDefaults = {
  /** d, the width of a head. */
  headSize: number
  theta?: number
  /** Share of a head that is turned. null where the architecture turns whole heads: another share is refused. */
  share?: number | null
  /** The kind of layer whose own `rope_parameters` these are. */
  layerType?: 'full_attention' | 'sliding_attention'
}

/** The rotary embedding that a configuration asks for. What is wrong is reported to `context` under its field's name. */
export function ropeOf(fields: RopeFields, defaults: RopeDefaults, context: z.RefinementCtx): Rope {
  const field = Object.keys(fields.rope_scaling ?? {}).length > 0 ? 'rope_scaling' : 'rope_parameters'
  const place = field === 'rope_parameters' && defaults.layerType ? [field, defaults.layerType] : [field]
  const asked = fields[field] ?? {}
  const kind = asked.rope_type ?? asked.type ?? 'default'
  const share = asked.partial_rotary_factor ?? fields.partial_rotary_factor ?? defaults.share ?? 1
  const original_max_position_embeddings =
    fields.original_max_position_embeddings ?? asked.original_max_position_embeddings ?? fields.max_position_embeddings
  const parsed = schemaFor(asked, kind, share, defaults).safeParse({
    ...asked,
    rope_type: kind,
    rope_theta: asked.rope_theta ?? fields.rope_theta ?? defaults.theta ?? 10_000,
    turned: Math.trunc(defaults.headSize * Number(share)),
    max_position_embeddings: fields.max_position_embeddings,
    original_max_position_embeddings,
  })
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues)
    context.addIssue({ code: 'custom', path: [...place, ...path], message })
  return z.NEVER
}

/** The schema of a kind, or one that refuses with what is not known or not supported. */
function schemaFor(asked: Record<string, unknown>, kind: unknown, share: unknown, defaults: RopeDefaults) {
  const refusing = (path: readonly string[], message: string) =>
    z.unknown().transform((_, context): Rope => {
      context.addIssue({ code: 'custom', path: [...path], message })
      return z.NEVER
    })
  const stranger = Object.keys(asked).find((name) => !known.has(name))
  if (stranger)
    return refusing([stranger], `asks for something that this engine does not know; it knows ${listed(known)}.`)
  const schema = Object.entries(kinds).find(([name]) => name === kind)?.[1]
  if (!schema) {
    const name = asked.rope_type ? 'rope_type' : 'type'
    return refusing([name], `asks for ${JSON.stringify(kind)}, which is none of ${listed(Object.keys(kinds))}.`)
  }
  const turned = Math.trunc(defaults.headSize * Number(share))
  if (!(turned >= 2 && turned <= defaults.headSize && turned % 2 === 0))
    return refusing(
      [],
      `asks for ${turned} values of each head to be turned: that is no even part of ${defaults.headSize}.`,
    )
  if (defaults.share === null && turned !== defaults.headSize)
    return refusing(
      [],
      `asks for ${share} of each head to be turned (partial_rotary_factor), but this architecture turns whole heads.`,
    )
  return schema
}

const listed = (names: Iterable<string>) => [...names].join(', ')
