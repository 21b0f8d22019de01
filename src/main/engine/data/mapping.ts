/** Guessing from a data set's columns how its rows become text. Names are compared without regard to case. */
import type { RowMapping } from '../../../shared/contract'
import { parseTurns } from './conversation'
import type { Row } from './rows'

const names = {
  messages: ['messages', 'conversations', 'conversation', 'chat', 'dialog', 'dialogue', 'turns'],
  instruction: ['instruction', 'instructions'],
  input: ['input', 'inputs', 'context'],
  output: ['output', 'outputs', 'response', 'answer', 'completion', 'target'],
  question: ['question', 'query', 'q'],
  answer: ['answer', 'answers', 'response', 'a'],
  prompt: ['prompt', 'input', 'source'],
  completion: ['completion', 'response', 'output', 'answer', 'target', 'chosen'],
  text: ['text', 'content', 'body', 'document', 'sentence', 'paragraph', 'story'],
}

/**
 * The mapping that the columns' names and values suggest.
 * @param columns at least one
 * @param sample some rows; the more varied, the better the guess
 */
export function detectMapping(columns: readonly string[], sample: readonly Row[]): RowMapping {
  const find = (wanted: readonly string[], but?: string | null) => columnNamed(columns, wanted, but)
  const messages = columns.find((column) => names.messages.includes(plain(column)) && holdsTurns(sample, column))
  if (messages !== undefined) return { kind: 'messages', messages }
  const instruction = find(names.instruction)
  const output = find(names.output)
  if (instruction !== null && output !== null)
    return { kind: 'instruction', instruction, input: find(names.input, output), output }
  const question = find(names.question)
  const answer = find(names.answer)
  if (question !== null && answer !== null) return { kind: 'question', question, answer }
  const prompt = find(names.prompt)
  const completion = find(names.completion, prompt)
  if (prompt !== null && completion !== null) return { kind: 'completion', prompt, completion }
  const text = find(names.text)
  return text === null ? byValues(columns, sample) : { kind: 'text', text }
}

const plain = (column: string) => column.trim().toLowerCase()

/** The column with the name that stands first in `wanted`. */
function columnNamed(columns: readonly string[], wanted: readonly string[], but?: string | null): string | null {
  for (const name of wanted) {
    const found = columns.find((column) => plain(column) === name && column !== but)
    if (found !== undefined) return found
  }
  return null
}

function holdsTurns(sample: readonly Row[], column: string): boolean {
  const values = sample.map((row) => row[column]).filter((value) => value !== undefined && value !== null)
  return values.length > 0 && isTurns(values[0])
}

function isTurns(value: unknown): boolean {
  try {
    return parseTurns(value).length > 0
  } catch {
    return false
  }
}

/** By what the columns hold: two of text are prompt and completion; of more, the one with the longest texts is taken. */
function byValues(columns: readonly string[], sample: readonly Row[]): RowMapping {
  const lengths = columns.map((column) => ({ column, length: meanLength(sample, column) }))
  const texts = lengths.filter(({ length }) => length > 0)
  if (texts.length === 2) return { kind: 'completion', prompt: texts[0]!.column, completion: texts[1]!.column }
  const conversation = columns.find((column) => holdsTurns(sample, column))
  if (conversation !== undefined) return { kind: 'messages', messages: conversation }
  const longest = texts.reduce((best, other) => (other.length > best.length ? other : best), lengths[0]!)
  return { kind: 'text', text: longest.column }
}

/** Of texts that are not numbers; 0 where there are none. */
function meanLength(sample: readonly Row[], column: string): number {
  const texts = sample.map((row) => row[column]).filter((value) => typeof value === 'string')
  const written = texts.filter((text) => text.trim() !== '' && Number.isNaN(Number(text)))
  return written.length * 2 < texts.length ? 0 : written.reduce((sum, text) => sum + text.length, 0) / sample.length
}
