/** Says in words which values a schema takes, for the sentence of a refusal and for `--help`. */
import { z } from 'zod'

type JsonSchema = {
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  additionalProperties?: JsonSchema
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
}

/** For instance `a whole number of at least 1`, or `linear, cosine or constant`. */
export function wordsFor(schema: z.ZodType): string {
  return joined(alternatives(jsonSchemaOf(schema)).map(phrase))
}

/** A longer list of choices goes into the help's own text. */
const longestList = 60

/** What stands after the flag in the help: `N`, `X`, `linear|cosine`, `JSON`, `TEXT`. */
export function placeholderFor(schema: z.ZodType): string {
  const choices = alternatives(jsonSchemaOf(schema)).filter(({ type }) => type !== 'null')
  const listed = choices.find((choice) => choice.enum)?.enum?.join('|')
  if (listed !== undefined) return listed.length > longestList ? 'NAME' : listed
  if (choices.some(({ type }) => type === 'object')) return 'JSON'
  if (choices.some(({ type }) => type === 'integer')) return 'N'
  return choices.some(({ type }) => type === 'number') ? 'X' : 'TEXT'
}

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

/** The members of a union, nested ones included; the value itself where it is none. */
function alternatives(schema: JsonSchema): JsonSchema[] {
  if (Array.isArray(schema.type)) return schema.type.map((type) => ({ ...schema, type }))
  return schema.anyOf ? schema.anyOf.flatMap(alternatives) : [schema]
}

function phrase(schema: JsonSchema): string {
  if (schema.enum) return joined(schema.enum.map(String))
  if (schema.const !== undefined) return String(schema.const)
  switch (schema.type) {
    case 'integer':
      return `a whole number${range(schema)}`
    case 'number':
      return `a number${range(schema)}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list of names with commas between them'
    case 'object':
      return `JSON such as {"name": 4}, each value ${joined(alternatives(schema.additionalProperties ?? {}).map(phrase))}`
    case 'null':
      return 'none'
    default:
      return 'text'
  }
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const low = exclusiveMinimum !== undefined ? `above ${exclusiveMinimum}` : atLeast(minimum)
  const high = exclusiveMaximum !== undefined ? `below ${exclusiveMaximum}` : atMost(maximum)
  if (minimum !== undefined && atLeast(minimum) && high.startsWith('of at most'))
    return ` from ${minimum} to ${maximum}`
  return [low, high]
    .filter(Boolean)
    .join(' and ')
    .replace(/^/, low || high ? ' ' : '')
}

/** Bounds that only say "fits into a double" say nothing to a person. */
const atLeast = (bound?: number) =>
  bound === undefined || bound <= Number.MIN_SAFE_INTEGER ? '' : `of at least ${bound}`
const atMost = (bound?: number) =>
  bound === undefined || bound >= Number.MAX_SAFE_INTEGER ? '' : `of at most ${bound}`

function joined(words: string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
