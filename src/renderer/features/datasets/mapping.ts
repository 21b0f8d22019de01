/** How a data set's columns become text, in words and as form fields. */
import type { RowMapping } from '../../../shared/contract'

export type MappingKind = RowMapping['kind']

/** The parts of each kind of mapping. `optional` parts may be left without a column. */
export const mappingKinds: Record<
  MappingKind,
  { title: string; parts: { key: string; title: string; optional?: true }[] }
> = {
  completion: {
    title: 'Prompt and completion',
    parts: [
      { key: 'prompt', title: 'Prompt' },
      { key: 'completion', title: 'Completion' },
    ],
  },
  question: {
    title: 'Question and answer',
    parts: [
      { key: 'question', title: 'Question' },
      { key: 'answer', title: 'Answer' },
    ],
  },
  instruction: {
    title: 'Instruction',
    parts: [
      { key: 'instruction', title: 'Instruction' },
      { key: 'input', title: 'Input', optional: true },
      { key: 'output', title: 'Output' },
    ],
  },
  messages: { title: 'Conversation', parts: [{ key: 'messages', title: 'Messages' }] },
  text: { title: 'Plain text', parts: [{ key: 'text', title: 'Text' }] },
}

/** The columns of a mapping by part. */
export function columnsOf(mapping: RowMapping): Record<string, string | null> {
  const { kind: _, ...columns } = mapping
  return columns
}

/** A mapping from its parts; null while a needed one has no column. */
export function mappingFrom(kind: MappingKind, columns: Record<string, string | null | undefined>): RowMapping | null {
  const parts = mappingKinds[kind].parts
  if (parts.some((part) => !part.optional && !columns[part.key])) return null
  const chosen = Object.fromEntries(parts.map((part) => [part.key, columns[part.key] ?? null]))
  return { kind, ...chosen } as RowMapping
}

/** First guess after a change of kind: columns of the same name, else the columns in their order. */
export function guessColumns(kind: MappingKind, available: string[]): Record<string, string | null> {
  const free = available.filter((column) => !mappingKinds[kind].parts.some((part) => part.key === column))
  return Object.fromEntries(
    mappingKinds[kind].parts.map((part) => {
      if (available.includes(part.key)) return [part.key, part.key]
      return [part.key, part.optional ? null : (free.shift() ?? null)]
    }),
  )
}

/** "question → answer", "text". */
export function mappingInWords(mapping: RowMapping): string {
  return Object.values(columnsOf(mapping))
    .filter((column) => column !== null)
    .join(' → ')
}
