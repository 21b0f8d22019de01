/**
 * Conversations: reading turns from a row, laying them out as text, and finding the assistant's part of that text.
 * Where a model has no chat template, turns are laid out as questions and answers (see `docs/data.md`).
 */
import { isRecord } from '../files/json'
import { EngineError } from '../protocol'
import type { ChatTurn } from './chat-template'

export type RenderTurns = (turns: readonly ChatTurn[], options: { addGenerationPrompt: boolean }) => string

/** From, and up to but without, an index into a text. */
export type TextRange = [start: number, end: number]

const roles = new Map<string, ChatTurn['role']>([
  ['system', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['prompter', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['bot', 'assistant'],
  ['model', 'assistant'],
])

/**
 * The turns of a row: a list of `{role, content}` or `{from, value}`, or the same as JSON text.
 * @throws EngineError `bad_data`
 */
export function parseTurns(value: unknown): ChatTurn[] {
  const list = typeof value === 'string' ? parseList(value) : value
  if (!Array.isArray(list)) throw bad('the conversation is not a list of messages')
  if (list.length === 0) throw bad('the conversation has no messages')
  return list.map(parseTurn)
}

function parseList(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw bad('the conversation is not a list of messages')
  }
}

function parseTurn(value: unknown, place: number): ChatTurn {
  if (!isRecord(value)) throw bad(`message ${place + 1} is not an object with role and content`)
  const role = roles.get(String(value.role ?? value.from).toLowerCase())
  const content = contentOf(value.content ?? value.value)
  if (!role)
    throw bad(
      `message ${place + 1} has the role ${JSON.stringify(value.role ?? value.from)}: expected system, user or assistant`,
    )
  if (content === null) throw bad(`message ${place + 1} has no text`)
  return { role, content }
}

/** A text, or a list of parts of which those with text count. */
function contentOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return null
  const texts = value.map((part) => (isRecord(part) && typeof part.text === 'string' ? part.text : null))
  return texts.includes(null) ? null : texts.join('')
}

/** Turns without a template: `Question: …\nAnswer: …`, an empty line after each answer, the system's text before all. */
export const renderPlainly: RenderTurns = (turns, { addGenerationPrompt }) => {
  const texts = turns.map(({ role, content }, place) => {
    const gap = turns[place - 1]?.role === 'assistant' ? '\n\n' : ''
    if (role === 'system') return `${gap}${content}\n\n`
    return role === 'user' ? `${gap}Question: ${content}\n` : `${gap}Answer: ${content}`
  })
  const gap = turns.at(-1)?.role === 'assistant' ? '\n\n' : ''
  return texts.join('') + (addGenerationPrompt ? `${gap}Answer:` : '')
}

/**
 * The whole text of a conversation, and which parts of it the assistant says: from the end of what the model would be
 * given to answer, to the end of the turn.
 */
export function assistantParts(turns: readonly ChatTurn[], render: RenderTurns): { text: string; parts: TextRange[] } {
  const text = render(turns, { addGenerationPrompt: false })
  const parts: TextRange[] = []
  for (const [place, { role }] of turns.entries()) {
    if (role !== 'assistant') continue
    const before = render(turns.slice(0, place), { addGenerationPrompt: true })
    const through = render(turns.slice(0, place + 1), { addGenerationPrompt: false })
    parts.push([sharedLength(before, text), sharedLength(through, text)])
  }
  return { text, parts: parts.filter(([start, end]) => start < end) }
}

/** How many characters two texts share from their beginning. Templates may treat a last turn differently. */
function sharedLength(a: string, b: string): number {
  if (b.startsWith(a)) return a.length
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

const bad = (what: string) => new EngineError('bad_data', what)
