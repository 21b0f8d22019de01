/** What an architecture is: the schema of its configuration, its forward pass and its head. One file each. */
import type { z } from 'zod'
import type { Value } from '../graph/value'
import type { Head } from '../nn/head'
import type { Tokens } from '../nn/tokens'
import type { Weights } from '../nn/weights'
import { EngineError } from '../protocol'

/** What the rest of the engine needs to know about a model of any architecture. */
export type ModelShape = {
  layers: number
  /** Heads and width of the key/value cache. */
  keyValueHeads: number
  headSize: number
  /** Longest row in tokens. */
  contextLength: number
  /** A row that grows longer than this is read again from its start, since all its keys change (Phi-3's LongRoPE). */
  rereadBeyond?: number | null
  vocabularySize: number
}

export type Architecture<Config> = {
  /** `model_type` in `config.json`, and the file's name. */
  modelType: string
  /** Parses the configuration; what it asks for and we lack is refused by name. */
  config: z.ZodType<Config>
  shape(config: NoInfer<Config>): ModelShape
  /** Tokens → the last hidden state [N, D]. */
  forward(weights: Weights, config: NoInfer<Config>, tokens: Tokens): Value
  /** The output head. The caller knows which tokens need logits. */
  head(weights: Weights, config: NoInfer<Config>): Head
  /** Names under which a published checkpoint may hold a tensor, besides its own. */
  aliases(name: string): readonly string[]
}

/** An architecture with its parsed configuration. */
export type Model = {
  modelType: string
  shape: ModelShape
  forward(weights: Weights, tokens: Tokens): Value
  head(weights: Weights): Head
  aliases(name: string): readonly string[]
}

export const architecture = <Config>(definition: Architecture<Config>) => definition

/** @throws EngineError `bad_model` naming the field of `config.json` that is missing, wrong or not supported. */
export function withConfig<Config>(definition: Architecture<Config>, json: unknown, file: string): Model {
  const parsed = definition.config.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new EngineError('bad_model', `${file}: ${issue.path.join('.') || 'the configuration'} ${sentence(issue)}`)
  }
  const config = parsed.data
  return {
    modelType: definition.modelType,
    shape: definition.shape(config),
    forward: (weights, tokens) => definition.forward(weights, config, tokens),
    head: (weights) => definition.head(weights, config),
    aliases: definition.aliases,
  }
}

function sentence(issue: z.core.$ZodIssue): string {
  if (/^(asks for|is not)/.test(issue.message)) return issue.message
  return `is wrong (${issue.message}); this model cannot be used until it is corrected.`
}
