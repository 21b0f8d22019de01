/** A conversation's messages as turns: a question, and the answers to it. */
import type { ChatMessage } from '../../../shared/contract'

export type Turn = { question: ChatMessage | null; answers: ChatMessage[] }

export function turnsOf(messages: readonly ChatMessage[]): Turn[] {
  const turns: Turn[] = []
  for (const message of messages) {
    if (message.role === 'user') turns.push({ question: message, answers: [] })
    else if (message.role === 'assistant') {
      const last = turns.at(-1)
      if (last) last.answers.push(message)
      else turns.push({ question: null, answers: [message] })
    }
  }
  return turns
}
