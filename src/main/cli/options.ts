/**
 * The options of a command as one table: a schema decides which values are taken, the row says how it reads in the
 * help. Names are snake_case as in `TrainingArguments`; on the command line both spellings are taken.
 */
import type { z } from 'zod'
import { UsageError } from './exit-status'
import { wordsFor } from './schema-words'

export type OptionRow = {
  /** `.optional()` or `.default()` where it need not be given. */
  schema: z.ZodType
  help: string
  /** What stands for the value in the help; follows from the schema where it is left out. */
  placeholder?: string
  /** Given by its place and not by a flag. */
  positional?: boolean
  /** May be given several times; its schema takes a list. */
  repeatable?: boolean
  /** Not worth a line in the help. */
  hidden?: boolean
  /** The default in words, where the help should show one. */
  otherwise?: string
  /** Values that a later version will take, with what to do today. */
  notYet?: Record<string, string>
}
export type OptionTable = Record<string, OptionRow>
/** What a command's options are once read. */
export type Given<T extends OptionTable> = { [K in keyof T]: z.infer<T[K]['schema']> }

export const flagOf = (name: string) => `--${name.replaceAll('_', '-')}`
export const takes = (row: OptionRow, value: unknown) => row.schema.safeParse(value).success
/** A switch that stands alone: `--overwrite`, `--no-shuffle`. */
export const isSwitch = (row: OptionRow) => takes(row, false)

/** @throws UsageError with what the option takes, or that the value is for a later version. */
export function readValue(row: OptionRow, label: string, text: string): unknown {
  const instead = row.notYet?.[text.toLowerCase()]
  if (instead !== undefined) {
    const words = isSwitch(row) ? label : `${label} ${text}`
    throw new UsageError(`${words} is not available yet: ${instead}.`)
  }
  const parsed = row.schema.safeParse(candidate(row, text))
  if (parsed.success) return parsed.data
  throw new UsageError(`${label} must be ${wordsFor(row.schema)}, not “${shortened(text)}”.`)
}

/** The value that a text stands for, by what the schema takes; the text itself where nothing else fits. */
function candidate(row: OptionRow, text: string): unknown {
  if (isSwitch(row)) return truth.get(text.toLowerCase()) ?? text
  if (takes(row, text)) return text
  if (takes(row, null) && /^(none|null)$/i.test(text)) return null
  if (takes(row, {})) return fromJson(text)
  if (takes(row, ['name'])) return text.split(',').map((part) => part.trim())
  return decimal.test(text) ? Number(text) : text
}

/** What a JSON text says; the text itself where it is none, which the schema then refuses. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const truth = new Map([
  ['true', true],
  ['false', false],
])
/** Whether a word after a switch belongs to it, as in `--do-sample True`. */
export const isTruthWord = (text: string | undefined) => text !== undefined && truth.has(text.toLowerCase())

const shortened = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text)
