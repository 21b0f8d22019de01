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
      return parsed.render({
        ...specials,
        messages: turns,
        tools: null,
        documents: null,
        add_generation_prompt: addGenerationPrompt,
        date_text: (format: string) => dateText(format, new Date()),
      })
    } catch (error) {
      throw new EngineError('bad_data', `The model's chat template refuses this conversation: ${reasonOf(error)}.`)
    }
  }
}

/** Before each template: the library's `strftime_now` speaks the system's language. The line break goes with the block. */
const ownDates = '{% set strftime_now = date_text %}\n'

function parse(template: string, folder: string): Template {
  try {
    return new Template(`${ownDates}${template}`)
  } catch (error) {
    throw new EngineError(
      'bad_model',
      `The chat template of the model in ${folder} cannot be read: ${reasonOf(error)}.`,
    )
  }
}

const months = 'January February March April May June July August September October November December'.split(' ')
const weekdays = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')

/** A date as Python's `strftime` writes it, in English whatever the system speaks. Other letters stay as they are. */
export function dateText(format: string, date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const [month, weekday] = [months[date.getMonth()]!, weekdays[date.getDay()]!]
  const texts: Record<string, string> = {
    Y: String(date.getFullYear()),
    y: two(date.getFullYear() % 100),
    m: two(date.getMonth() + 1),
    d: two(date.getDate()),
    H: two(date.getHours()),
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
    B: month,
    b: month.slice(0, 3),
    A: weekday,
    a: weekday.slice(0, 3),
    '%': '%',
  }
  return format.replace(/%(.)/g, (whole, letter) => texts[letter] ?? whole)
}
