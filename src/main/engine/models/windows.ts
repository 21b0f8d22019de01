/** Which layers of a Qwen model see a window only: those that `layer_types` names, else all from one layer on. */
import { z } from 'zod'
import { count, layerTypes, typePerLayer } from './fields'

export const windowFields = {
  use_sliding_window: z.boolean().default(false),
  sliding_window: count.nullable().default(4096),
  max_window_layers: z.number().int().min(0).default(28),
  layer_types: layerTypes.nullish(),
}
type Windows = z.infer<z.ZodObject<typeof windowFields>>

/** Refuses kinds of layers that are not one for each layer, and windows without a width. */
export function checkedWindows(c: Windows & { num_hidden_layers: number }, context: z.RefinementCtx) {
  typePerLayer(c, context)
  if (!c.layer_types?.includes('sliding_attention') || (c.use_sliding_window && c.sliding_window)) return
  const message = 'asks for sliding_attention, but use_sliding_window and sliding_window give it no width.'
  context.addIssue({ code: 'custom', path: ['layer_types'], message })
}

/** How many keys back a layer sees; null for all. */
export function windowOf(
  { use_sliding_window, sliding_window, max_window_layers, layer_types }: Windows,
  layer: number,
) {
  const slides = layer_types ? layer_types[layer] === 'sliding_attention' : layer >= max_window_layers
  return use_sliding_window && slides ? sliding_window : null
}
