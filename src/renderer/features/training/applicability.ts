/** Arguments that mean nothing beside the chosen method: the form does not show them, and the run does not get them. */
import { type ArgumentName, methodOf, type TrainingArguments, type TrainingMethodId } from '../../../shared/contract'

const everyLora: readonly TrainingMethodId[] = ['lora', 'qlora', 'int8']

/** The methods of an argument that not all of them have. */
const methods: Partial<Record<ArgumentName, readonly TrainingMethodId[]>> = {
  base_quantization: ['qlora'],
  bnb_4bit_use_double_quant: ['qlora'],
  lora_r: everyLora,
  lora_alpha: everyLora,
  lora_dropout: everyLora,
  target_modules: everyLora,
  use_rslora: everyLora,
  use_dora: everyLora,
  rank_pattern: everyLora,
  alpha_pattern: everyLora,
  modules_to_save: everyLora,
  bias: everyLora,
  init_adapter: everyLora,
  freeze: ['full'],
}

/** Whether the argument has a field; the method itself is chosen by its cards. */
export const hasField = (name: ArgumentName, args: TrainingArguments): boolean =>
  name !== 'method' && (methods[name]?.includes(methodOf(args)) ?? true)

/** What is typed without the arguments of other methods. `base_quantization` is part of the method itself. */
export function applicable<T extends Partial<Record<ArgumentName, unknown>>>(given: T, args: TrainingArguments): T {
  const isKept = (name: ArgumentName) => name === 'method' || name === 'base_quantization' || hasField(name, args)
  return Object.fromEntries(Object.entries(given).filter(([name]) => isKept(name as ArgumentName))) as T
}
