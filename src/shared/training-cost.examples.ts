/** A model and a run whose cost tests know. */
import type { CostArguments, ModelNumbers } from './training-cost'

/** GPT-2 with 124 million parameters. */
export const gpt2: ModelNumbers = {
  parameters: 124_439_808,
  linearParameters: 84_934_656,
  largestMatrix: 768 * 3072,
  linearInputs: 12 * 7 * 768,
  linearOutputs: 12 * 9 * 768,
  layers: 12,
  width: 768,
  heads: 12,
  vocabulary: 50_257,
}
export const lora: CostArguments = {
  method: 'lora',
  base_quantization: 'none',
  bnb_4bit_use_double_quant: false,
  optim: 'adamw_torch',
  gradient_checkpointing: false,
  per_device_train_batch_size: 4,
}
