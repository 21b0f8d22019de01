/**
 * Chat templates: Jinja text that a model's maker ships with the tokenizer.
 * Source: transformers' `apply_chat_template` (which file is read, which names a template may use).
 */
import { join } from 'node:path'
import { Template } from '@huggingface/jinja'
import { isRecord, readTextIfThere, reasonOf } from '../files/json'
import { EngineError } from '../protocol'

export type ChatTurn = { role: 'system' | 'user' | 'assistant'; content: string }

/** `chat_template.jinja`, else `chat_template` of the tokenizer's settings: a text, or a list with one named "default". */
export async function readTemplate(folder: string, settings: Record<string, unknown>): Promise<string | null> {
  const ownFile = await readTextIfThere(join(folder, 'chat_template.jinja'), 'bad_model')
  if (ownFile !== null) return ownFile
  const value = settings.chat_template
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return null
  const chosen = value.find((entry) => isRecord(entry) && entry.name === 'default')
  return typeof chosen?.template === 'string' ? chosen.template : null
}

/** A function that renders turns. The template is parsed at its first use. */
export function compileTemplate(template: string | null, folder: string, specials: Record<string, string>) {
  let parsed: Template | null = null
  return (turns: readonly ChatTurn[], { addGenerationPrompt }: { addGenerationPrompt: boolean }): string => {
    if (template === null) throw new EngineError('bad_model', `The model in ${folder} has no chat template.`)
    parsed ??= parse(template, folder)
    try {
      return parsed.render({ ...specials, messages: turns, add_generation_prompt: addGenerationPrompt })
    } catch (error) {
      throw new EngineError('bad_data', `The model's chat template refuses this conversation: ${reasonOf(error)}.`)
    }
  }
}

function parse(template: string, folder: string): Template {
  try {
    return new Template(template)
  } catch (error) {
    throw new EngineError(
      'bad_model',
      `The chat template of the model in ${folder} cannot be read: ${reasonOf(error)}.`,
    )
  }
}
