/**
 * One turn of a conversation: each of its models answers the last question. The turn is a task of its own: whoever
 * listens may go away, which ends the answer and keeps what came so far.
 */
import { EventEmitter, on } from 'node:events'
import type { ChatEvent, ConversationEntry, GivenGenerationSettings } from '../../shared/contract'
import { contractMessage, type NewMessage, type StoredMessage } from '../library/conversations'
import { conflict } from '../library/failure'
import { endOf, type StudioContext } from './context'
import { resolveModel } from './model-files'

type Say = (event: ChatEvent) => void

/** Streams the turn's events. `begin` stores the question, if there is a new one. */
export async function* answerTurn(
  context: StudioContext,
  conversation: ConversationEntry,
  settings: GivenGenerationSettings,
  begin: () => StoredMessage | null,
  signal?: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const { answering } = context
  if (answering.has(conversation.id))
    throw conflict(
      'conversation',
      conversation.id,
      'This conversation is being answered: wait, or stop the answer first.',
    )
  const left = new AbortController()
  const ends = AbortSignal.any([left.signal, endOf(context, signal)])
  const mail = new EventEmitter()
  mail.on('error', () => {})
  const events = on(mail, 'event', { close: ['end'] })
  const turn = answerAll(context, conversation, settings, begin, (event) => mail.emit('event', event), ends).then(
    () => mail.emit('end'),
    (failure) => mail.emit('error', failure),
  )
  answering.set(conversation.id, turn)
  try {
    for await (const [event] of events) yield event as ChatEvent
  } finally {
    left.abort()
    await turn
    answering.delete(conversation.id)
  }
}

async function answerAll(
  context: StudioContext,
  conversation: ConversationEntry,
  settings: GivenGenerationSettings,
  begin: () => StoredMessage | null,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  const question = begin()
  if (question) say({ type: 'message', message: contractMessage(question) })
  for (const slot of conversation.models.keys()) {
    if (signal.aborted) return
    await answerOne(context, conversation, slot, settings, say, signal)
  }
}

/** One model's answer. Its failure is said and does not keep the other model from answering. */
async function answerOne(
  { library, generator }: StudioContext,
  conversation: ConversationEntry,
  slot: number,
  settings: GivenGenerationSettings,
  say: Say,
  signal: AbortSignal,
): Promise<void> {
  const reference = conversation.models[slot]!
  const answer: NewMessage = {
    role: 'assistant',
    text: '',
    slot,
    model: reference,
    tokens: null,
    tokensPerSecond: null,
    stopReason: null,
  }
  try {
    say({ type: 'loading', model: slot })
    const { files } = await resolveModel(library, reference)
    const chat = turnsFor(library.conversations.messages(conversation.id), slot, conversation.systemPrompt)
    const spec = { model: files, cacheDir: library.home.cache, prompt: { chat }, settings }
    for await (const event of generator.run({ kind: 'generate', spec }, { signal })) {
      if (event.type === 'token') answer.text += event.text
      else
        Object.assign(answer, {
          text: event.text,
          tokens: event.tokens,
          tokensPerSecond: event.tokensPerSecond,
          stopReason: event.stopReason,
        })
      say({ type: 'generation', model: slot, event })
    }
  } catch (failure) {
    answer.stopReason = signal.aborted ? 'cancelled' : 'failed'
    if (!signal.aborted) say({ type: 'failed', model: slot, message: sentenceOf(failure) })
  } finally {
    if (answer.text !== '' || answer.stopReason === 'eos') {
      const message = library.conversations.add(conversation.id, answer)
      if (message) say({ type: 'message', message: contractMessage(message) })
    }
  }
}

const sentenceOf = (failure: unknown) => (failure instanceof Error ? failure.message : String(failure))

/** The conversation as one of its models sees it: the questions it answered, its own answers, the last question. */
function turnsFor(messages: StoredMessage[], slot: number, systemPrompt: string) {
  const turns: { role: 'system' | 'user' | 'assistant'; content: string }[] = []
  if (systemPrompt !== '') turns.push({ role: 'system', content: systemPrompt })
  let question: string | null = null
  for (const message of messages) {
    if (message.role === 'user') question = message.text
    else if (message.slot === slot && question !== null) {
      turns.push({ role: 'user', content: question }, { role: 'assistant', content: message.text })
      question = null
    }
  }
  if (question !== null) turns.push({ role: 'user', content: question })
  return turns
}
