/** The architectures by the `model_type` of their checkpoints. A new one is a file and a line here. */
import { EngineError } from '../protocol'
import { type Architecture, type Model, withConfig } from './architecture'
import { gemma2 } from './gemma2'
import { gemma3Text } from './gemma3_text'
import { gptNeoX } from './gpt_neox'
import { gpt2 } from './gpt2'
import { llama } from './llama'
import { mistral } from './mistral'
import { phi3 } from './phi3'
import { qwen2 } from './qwen2'
import { qwen3 } from './qwen3'

export type { Model } from './architecture'

// biome-ignore lint/suspicious/noExplicitAny: each architecture has a configuration of its own, parsed by its schema
const known: Architecture<any>[] = [gpt2, gptNeoX, llama, mistral, qwen2, qwen3, phi3, gemma2, gemma3Text]
const registry = new Map(known.map((entry) => [entry.modelType, entry]))
export const modelTypes = [...registry.keys()]

/** The model that a `config.json` describes. @throws EngineError `bad_model`. */
export function modelOf(config: unknown, file: string): Model {
  const modelType = (config as { model_type?: unknown } | null)?.model_type
  if (typeof modelType !== 'string')
    throw new EngineError('bad_model', `${file}: model_type is missing, so the architecture is not known.`)
  const definition = registry.get(modelType)
  if (!definition)
    throw new EngineError(
      'bad_model',
      `${file}: the architecture "${modelType}" is not supported; this version knows ${modelTypes.join(', ')}.`,
    )
  return withConfig(definition, config, file)
}
