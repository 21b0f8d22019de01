/** The ways to train that a form offers first: each is a setting of `method` and `base_quantization`. */
import { z } from 'zod'
import type { GivenArguments, TrainingArguments } from './training-arguments'

export const TrainingMethodId = z.enum(['lora', 'qlora', 'int8', 'full'])
export type TrainingMethodId = z.infer<typeof TrainingMethodId>

export type TrainingMethod = {
  id: TrainingMethodId
  title: string
  help: string
  /** What choosing it sets. */
  arguments: Pick<GivenArguments, 'method' | 'base_quantization'>
}

export const trainingMethods: readonly TrainingMethod[] = [
  {
    id: 'lora',
    title: 'LoRA',
    help: 'Small matrices beside the model as it is.',
    arguments: { method: 'lora', base_quantization: 'none' },
  },
  {
    id: 'qlora',
    title: 'QLoRA',
    help: 'LoRA over the model in 4 bits. Least memory.',
    arguments: { method: 'qlora', base_quantization: 'nf4' },
  },
  {
    id: 'int8',
    title: 'LoRA over int8',
    help: 'LoRA over the model in 8 bits. Often fastest.',
    arguments: { method: 'lora', base_quantization: 'int8' },
  },
  {
    id: 'full',
    title: 'Full',
    help: 'Every weight is trained. Most memory.',
    arguments: { method: 'full', base_quantization: 'none' },
  },
]

/** Which of them the arguments say. */
export function methodOf({
  method,
  base_quantization,
}: Pick<TrainingArguments, 'method' | 'base_quantization'>): TrainingMethodId {
  if (method === 'full') return 'full'
  if (base_quantization === 'none') return method === 'qlora' ? 'qlora' : 'lora'
  return base_quantization === 'int8' ? 'int8' : 'qlora'
}
