/** How a model is held and where it computes, for `generate` and `eval`: one way today, others with later versions. */
import { z } from 'zod'
import { TrainingArguments } from '../../shared/contract'
import type { OptionRow } from './options'

const onProcessor = 'this version computes on the processor; use --device auto'
const unquantized = 'this version runs models as they are; use --quantization none'

export const laterDevices = { cuda: onProcessor, webgpu: onProcessor }

export const computeOptions = {
  quantization: {
    schema: z.literal('none').optional(),
    help: 'How the weights are held while computing.',
    placeholder: 'none',
    notYet: Object.fromEntries(['int8', 'int4', 'nf4', 'fp4'].map((value) => [value, unquantized])),
  },
  device: {
    schema: TrainingArguments.shape.device.optional(),
    help: 'auto takes the best device there is.',
    otherwise: 'auto',
    notYet: laterDevices,
  },
} satisfies Record<string, OptionRow>
