/**
 * Between what a person types and an argument's value. The contract's own schema decides what is right; this file
 * only reads text into numbers, switches and lists, and words the refusal.
 */
import { z } from 'zod'
import { type ArgumentName, type GivenArguments, TrainingArguments } from '../../../shared/contract'

export type FieldKind = 'number' | 'choice' | 'switch' | 'text' | 'list' | 'record'
export type Reading = { value: unknown } | { error: string }

const schemaOf = (name: ArgumentName): z.ZodType => TrainingArguments.shape[name]

/** The schema without `nullable`. */
function innerSchema(name: ArgumentName): z.ZodType {
  const schema = schemaOf(name)
  return schema instanceof z.ZodNullable ? (schema.unwrap() as z.ZodType) : schema
}

/** Which control suits an argument. */
export function fieldKind(name: ArgumentName): FieldKind {
  const schema = innerSchema(name)
  if (schema instanceof z.ZodEnum) return 'choice'
  if (schema instanceof z.ZodBoolean) return 'switch'
  if (schema instanceof z.ZodString) return 'text'
  if (schema instanceof z.ZodRecord) return 'record'
  if (schema instanceof z.ZodArray) return 'list'
  if (schema instanceof z.ZodUnion && schema.options.some((option) => option instanceof z.ZodArray)) return 'list'
  return 'number'
}

/** What a choice offers. Of the quantizations only those in 4 bits: the others are methods of their own. */
export function choicesOf(name: ArgumentName): string[] {
  if (name === 'base_quantization') return ['nf4', 'fp4']
  const schema = innerSchema(name)
  return schema instanceof z.ZodEnum ? schema.options.map(String) : []
}

/** Reads the text of a field. Empty text means "not given" and must not come here. */
export function readArgument(name: ArgumentName, text: string): Reading {
  const kind = fieldKind(name)
  const value = looseValue(kind, text.trim())
  if (value === undefined) return { error: unreadable[kind]! }
  const parsed = schemaOf(name).safeParse(value)
  return parsed.success ? { value: parsed.data } : { error: refusal(parsed.error.issues) }
}

const unreadable: Partial<Record<FieldKind, string>> = {
  number: 'Give a number, such as 12, 0.05 or 2e-4.',
  record: 'Give names and values in JSON, such as {"c_proj": 4}.',
}

function looseValue(kind: FieldKind, text: string): unknown {
  if (kind === 'number')
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.replace('−', '-'))
      ? Number(text.replace('−', '-'))
      : undefined
  if (kind === 'switch') return text === 'true'
  if (kind === 'record') return recordOf(text)
  if (kind === 'list' && text !== 'all-linear') return text.split(/[\s,]+/).filter((part) => part !== '')
  return text
}

function recordOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** An argument's value as a person would type it; nothing where it is empty. */
export function argumentText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value === 'number' && value !== 0 && Math.abs(value) < 1e-3)
    return value.toExponential().replace('e-0', 'e-')
  if (typeof value === 'object') return Object.keys(value).length > 0 ? JSON.stringify(value) : ''
  return String(value)
}

/** One sentence from the schema's issues, in words for people. */
function refusal(issues: readonly z.core.$ZodIssue[]): string {
  const issue = deepest(issues)
  if (issue?.code === 'invalid_type' && issue.expected === 'int') return 'Give a whole number.'
  if (issue?.code === 'too_small' && typeof issue.minimum === 'number')
    return issue.inclusive ? `Give at least ${issue.minimum}.` : `Give more than ${issue.minimum}.`
  if (issue?.code === 'too_big' && typeof issue.maximum === 'number')
    return issue.inclusive ? `Give at most ${issue.maximum}.` : `Give less than ${issue.maximum}.`
  return 'This value is not allowed here.'
}

/** In a union the issues of its last option say most: the first is always the special value (−1, all-linear). */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const issue = issues[0]
  if (issue?.code !== 'invalid_union') return issue
  const inner = issue.errors.at(-1)
  return inner ? deepest(inner) : issue
}

export type DraftTexts = Partial<Record<ArgumentName, string>>

/** Everything typed, read: the arguments, and a sentence for each field that cannot be read. */
export function readDraft(texts: DraftTexts): { given: GivenArguments; errors: Partial<Record<ArgumentName, string>> } {
  const given: Record<string, unknown> = {}
  const errors: Partial<Record<ArgumentName, string>> = {}
  for (const [name, text] of Object.entries(texts) as [ArgumentName, string | undefined][]) {
    if (text === undefined || text.trim() === '') continue
    const reading = readArgument(name, text)
    if ('value' in reading) given[name] = reading.value
    else errors[name] = reading.error
  }
  return { given: given as GivenArguments, errors }
}
