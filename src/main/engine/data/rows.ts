/**
 * How a row's columns become text. The exact strings are those of `docs/data.md`; a change here changes every loss
 * curve.
 */
import type { RowMapping } from '../../../shared/contract'
import type { ChatTurn } from './chat-template'
import { assistantParts, parseTurns, type RenderTurns, renderPlainly, type TextRange } from './conversation'

export type Row = Record<string, unknown>

export type PromptAndCompletion = {
  /** null where the row has no prompt. */
  prompt: string | null
  completion: string
}

/** Whether the loss can tell a prompt from its completion. */
export const hasPrompts = (mapping: RowMapping): boolean => mapping.kind !== 'text'

/**
 * The two strings of a row, as a model without a chat template sees them.
 * @throws EngineError `bad_data` where a conversation cannot be read
 */
export function toPromptAndCompletion(row: Row, mapping: RowMapping): PromptAndCompletion {
  switch (mapping.kind) {
    case 'text':
      return { prompt: null, completion: textIn(row, mapping.text) }
    case 'completion':
      return { prompt: textIn(row, mapping.prompt), completion: textIn(row, mapping.completion) }
    case 'question':
      return {
        prompt: `Question: ${textIn(row, mapping.question)}\nAnswer:`,
        completion: ` ${textIn(row, mapping.answer)}`,
      }
    case 'instruction':
      return { prompt: instructionPrompt(row, mapping), completion: textIn(row, mapping.output) }
    case 'messages':
      return lastAnswer(parseTurns(row[mapping.messages]))
  }
}

function instructionPrompt(row: Row, mapping: Extract<RowMapping, { kind: 'instruction' }>): string {
  const input = mapping.input === null ? '' : textIn(row, mapping.input)
  const middle = input === '' ? '' : `### Input:\n${input}\n\n`
  return `### Instruction:\n${textIn(row, mapping.instruction)}\n\n${middle}### Response:\n`
}

/** Everything up to the last answer, and that answer. */
function lastAnswer(turns: ChatTurn[]): PromptAndCompletion {
  const { text, parts } = assistantParts(turns, renderPlainly)
  const start = parts.at(-1)?.[0] ?? text.length
  return { prompt: text.slice(0, start), completion: text.slice(start) }
}

/** The text of a row as it is tokenized, and which parts of it are to be learned when only answers are. */
export type RowText = {
  text: string
  /** null: the row has no prompt, all of it is learned. A part that reaches the text's end takes EOS with it. */
  parts: TextRange[] | null
  /** Whether a chat template made it: then it brings its own special tokens and its own end. */
  fromTemplate: boolean
}

/**
 * @param renderChat the model's chat template, or null where it has none
 * @throws EngineError `bad_data`
 */
export function toRowText(row: Row, mapping: RowMapping, renderChat: RenderTurns | null): RowText {
  const turns = mapping.kind === 'messages' || renderChat ? toTurns(row, mapping) : null
  if (turns) return { ...assistantParts(turns, renderChat ?? renderPlainly), fromTemplate: renderChat !== null }
  const { prompt, completion } = toPromptAndCompletion(row, mapping)
  if (prompt === null) return { text: completion, parts: null, fromTemplate: false }
  const text = prompt + completion
  return { text, parts: [[prompt.length, text.length]], fromTemplate: false }
}

/** A row that can go through a chat template as turns; null for plain text, and for prompts that are already laid out. */
function toTurns(row: Row, mapping: RowMapping): ChatTurn[] | null {
  switch (mapping.kind) {
    case 'messages':
      return parseTurns(row[mapping.messages])
    case 'question':
      return exchange(textIn(row, mapping.question), textIn(row, mapping.answer))
    case 'instruction': {
      const input = mapping.input === null ? '' : textIn(row, mapping.input)
      const asked = textIn(row, mapping.instruction)
      return exchange(input === '' ? asked : `${asked}\n\n${input}`, textIn(row, mapping.output))
    }
    default:
      return null
  }
}

const exchange = (asked: string, answered: string): ChatTurn[] => [
  { role: 'user', content: asked },
  { role: 'assistant', content: answered },
]

/** A column as text: nothing for a missing value, JSON for a nested one. */
function textIn(row: Row, column: string): string {
  const value = Object.hasOwn(row, column) ? row[column] : null
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
