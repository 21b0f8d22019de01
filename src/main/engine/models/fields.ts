/** Fields of a `config.json` that many architectures have. What an architecture lacks is refused by name. */
import { z } from 'zod'
import { activations } from '../ops'

export const count = z.number().int().min(1)
export const epsilon = z.number().positive()
/** Probability that dropout applies when a run asks for the configuration's own. */
export const probability = z
  .number()
  .min(0)
  .lt(1)
  .nullish()
  .transform((p) => p ?? 0)

/** A switch that we know in one position only. */
export const only = <T extends boolean | null>(value: T, what: string) =>
  z
    .literal(value, { error: `asks for ${what}, which this engine does not have for this architecture.` })
    .nullish()
    .transform(() => value)

/** The name of an activation function. */
export const activation = z.string().refine((name) => Object.hasOwn(activations, name), {
  error: ({ input }) => `asks for "${input}", which is none of ${Object.keys(activations).join(', ')}.`,
})

/** Where every layer sees everything. */
export const fullAttentionOnly = z
  .array(
    z.literal('full_attention', {
      error: ({ input }) => `asks for "${input}", but this architecture has full_attention only.`,
    }),
  )
  .nullish()

/** Which layers see a window and which see everything. */
export const layerTypes = z.array(
  z.enum(['sliding_attention', 'full_attention'], {
    error: ({ input }) => `asks for "${input}", which is none of sliding_attention, full_attention.`,
  }),
)

type LayerTypes = { layer_types?: readonly string[] | null | undefined; num_hidden_layers: number }

/** Refuses layer types that are not one for each layer. */
export function typePerLayer({ layer_types: types, num_hidden_layers: layers }: LayerTypes, context: z.RefinementCtx) {
  if (!types || types.length === layers) return
  const message = `is not a list with one entry for each of the ${layers} layers (num_hidden_layers): it has ${types.length}.`
  context.addIssue({ code: 'custom', path: ['layer_types'], message })
}
