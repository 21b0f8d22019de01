/** How a model is held and where it computes, for `generate` and `eval`. */
import { z } from 'zod'
import { TrainingArguments } from '../../shared/contract'
import type { OptionRow } from './options'

const onProcessor = 'this version computes on the processor; use --device auto'
const unquantized = 'this version writes with models as they are; use --quantization none'

export const laterDevices = { cuda: onProcessor, webgpu: onProcessor }

export const deviceOption = {
  schema: TrainingArguments.shape.device.optional(),
  help: 'auto takes the best device there is.',
  otherwise: 'auto',
  notYet: laterDevices,
} satisfies OptionRow

const help = 'How the weights of linear layers are held while computing.'

export const evaluationQuantization = {
  schema: TrainingArguments.shape.base_quantization.default('none'),
  help,
  otherwise: 'none',
} satisfies OptionRow

export const generationQuantization = {
  schema: z.literal('none').optional(),
  help,
  placeholder: 'none',
  notYet: Object.fromEntries(['int8', 'int4', 'nf4', 'fp4'].map((value) => [value, unquantized])),
} satisfies OptionRow
