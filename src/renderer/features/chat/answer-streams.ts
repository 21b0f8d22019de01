/**
 * Answers on their way. They live outside the components, so that an answer goes on while the person looks at another
 * place. While one streams, the thread shows the messages from before and what has come so far; afterwards the stored
 * conversation is fetched and takes its place.
 */
import { useSyncExternalStore } from 'react'
import type { ChatEvent, ChatMessage, GivenGenerationSettings } from '../../../shared/contract'
import { studio } from '../../lib/client'
import { sentence } from '../../lib/failure'
import { queryClient, refresh } from '../../lib/queries'
import { createStore } from '../../lib/store'

export type PartialAnswer = {
  state: 'waiting' | 'loading' | 'writing' | 'done' | 'failed'
  text: string
  tokens: number
  /** Of the first token, in milliseconds of `performance.now()`. */
  firstAt: number | null
  tokensPerSecond: number | null
  problem: string | null
}

export type AnswerStream = {
  /** Messages from before the answers, with the question. */
  before: ChatMessage[]
  answers: PartialAnswer[]
  /** False when all that is left is to say what failed. */
  going: boolean
  stop(): void
}

const streams = createStore<ReadonlyMap<string, AnswerStream>>(new Map())

export const useAnswerStream = (id: string | undefined): AnswerStream | undefined =>
  useSyncExternalStore(streams.subscribe, () => (id === undefined ? undefined : streams.get().get(id)))

const fresh: PartialAnswer = {
  state: 'waiting',
  text: '',
  tokens: 0,
  firstAt: null,
  tokensPerSecond: null,
  problem: null,
}

type Asking = { id: string; before: ChatMessage[]; models: number; settings: GivenGenerationSettings }

/** Asks a question in a conversation. */
export function sendMessage(asking: Asking, text: string): Promise<void> {
  const question: ChatMessage = {
    id: 'on-its-way',
    role: 'user',
    text,
    model: null,
    tokens: null,
    tokensPerSecond: null,
    stopReason: null,
    createdAt: new Date().toISOString(),
  }
  const { id, settings } = asking
  return follow({ ...asking, before: [...asking.before, question] }, (signal) =>
    studio.chat.send({ id, text, settings }, { signal }),
  )
}

/** Asks the last question again. */
export function regenerateAnswer(asking: Asking): Promise<void> {
  const last = asking.before.findLastIndex((message) => message.role === 'user')
  const { id, settings } = asking
  return follow({ ...asking, before: asking.before.slice(0, last + 1) }, (signal) =>
    studio.chat.regenerate({ id, settings }, { signal }),
  )
}

async function follow(
  { id, before, models }: Asking,
  open: (signal: AbortSignal) => Promise<AsyncIterable<ChatEvent>>,
): Promise<void> {
  const ending = new AbortController()
  const answers = Array.from({ length: models }, () => fresh)
  put(id, { before, answers, going: true, stop: () => ending.abort() })
  try {
    for await (const event of await open(ending.signal)) change(id, event)
  } catch (error) {
    if (!ending.signal.aborted) failAll(id, sentence(error))
  }
  await queryClient.refetchQueries({ queryKey: ['conversations', id], exact: true })
  void refresh('conversations')
  finish(id)
}

function change(id: string, event: ChatEvent) {
  if (event.type === 'message') return
  update(id, event.model, (answer) => {
    if (event.type === 'loading') return { ...answer, state: 'loading' }
    if (event.type === 'failed') return { ...answer, state: 'failed', problem: event.message }
    if (event.event.type === 'done') return { ...answer, ...doneWith(event.event) }
    return withPiece(answer, event.event.text)
  })
}

const doneWith = (event: { text: string; tokens: number; tokensPerSecond: number }) =>
  ({ state: 'done', text: event.text, tokens: event.tokens, tokensPerSecond: event.tokensPerSecond }) as const

/** Speed is counted from the first token, so that reading the question does not slow it down. */
function withPiece(answer: PartialAnswer, piece: string): PartialAnswer {
  const now = performance.now()
  const firstAt = answer.firstAt ?? now
  const seconds = (now - firstAt) / 1000
  const tokensPerSecond = answer.tokens > 1 && seconds > 0 ? answer.tokens / seconds : null
  return { ...answer, state: 'writing', text: answer.text + piece, tokens: answer.tokens + 1, firstAt, tokensPerSecond }
}

function failAll(id: string, problem: string) {
  const stream = streams.get().get(id)
  if (!stream) return
  const answers = stream.answers.map((answer) =>
    answer.state === 'done' || answer.state === 'failed' ? answer : { ...answer, state: 'failed' as const, problem },
  )
  put(id, { ...stream, answers })
}

/** Nothing is left of a stream but its failures. */
function finish(id: string) {
  const stream = streams.get().get(id)
  if (!stream) return
  const failed = stream.answers.some((answer) => answer.state === 'failed')
  put(id, failed ? { ...stream, going: false } : null)
}

export const forgetFailures = (id: string): void => {
  if (streams.get().get(id)?.going === false) put(id, null)
}

function update(id: string, index: number, next: (answer: PartialAnswer) => PartialAnswer) {
  const stream = streams.get().get(id)
  if (!stream) return
  put(id, { ...stream, answers: stream.answers.map((answer, i) => (i === index ? next(answer) : answer)) })
}

function put(id: string, stream: AnswerStream | null) {
  const next = new Map(streams.get())
  if (stream) next.set(id, stream)
  else next.delete(id)
  streams.set(next)
}
