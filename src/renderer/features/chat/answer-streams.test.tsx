import { implement } from '@orpc/server'
import { renderHook, waitFor } from '@testing-library/react'
import { afterEach, expect, it } from 'vitest'
import { type ChatEvent, contract, defaultGenerationSettings as settings } from '../../../shared/contract'
import { queryClient } from '../../lib/queries'
import { serveInstead } from '../../testing/studio-instead'
import { forgetFailures, regenerateAnswer, sendMessage, useAnswerStream } from './answer-streams'

const chat = implement(contract.chat)
const token = (model: number, text: string): ChatEvent => ({
  type: 'generation',
  model,
  event: { type: 'token', text },
})
let close = () => {}

/** A studio that answers with these events; `endless` then waits until it is stopped. */
function answering(events: ChatEvent[], { endless = false } = {}) {
  const seen = { asked: [] as string[], stopped: false }
  const answer = (signal: AbortSignal | undefined) =>
    (async function* () {
      yield* events
      if (!endless) return
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      seen.stopped = true
    })()
  close = serveInstead({
    chat: {
      send: chat.send.handler(({ input, signal }) => {
        seen.asked.push(input.text)
        return answer(signal)
      }),
      regenerate: chat.regenerate.handler(({ signal }) => {
        seen.asked.push('again')
        return answer(signal)
      }),
    },
  })
  return seen
}

const asking = (id: string, models = 1) => ({ id, before: [], models, settings })
const streamOf = (id: string) => renderHook(() => useAnswerStream(id)).result

afterEach(() => {
  close()
  queryClient.clear()
})

it('shows both answers as they come, and nothing once they are stored', async () => {
  const seen = answering([token(0, 'Sir '), token(1, 'Dame '), token(0, 'Kay')], { endless: true })
  const stream = streamOf('two')
  const sent = sendMessage(asking('two', 2), 'Who?')
  await waitFor(() => expect(stream.current?.answers.map(({ text }) => text)).toEqual(['Sir Kay', 'Dame ']))
  expect(stream.current?.before.map(({ role, text }) => [role, text])).toEqual([['user', 'Who?']])
  stream.current?.stop()
  await sent
  await waitFor(() => expect(seen).toEqual({ asked: ['Who?'], stopped: true }))
  await waitFor(() => expect(stream.current).toBeUndefined())
})

it('keeps a failure in sight until the next question', async () => {
  answering([{ type: 'failed', model: 0, message: 'The model is gone.' }])
  const stream = streamOf('failing')
  await sendMessage(asking('failing'), 'Who?')
  await waitFor(() =>
    expect(stream.current).toMatchObject({ going: false, answers: [{ problem: 'The model is gone.' }] }),
  )
  forgetFailures('failing')
  await waitFor(() => expect(stream.current).toBeUndefined())
})

it('says that the connection was lost in the middle of an answer', async () => {
  answering([token(0, 'Sir')], { endless: true })
  const stream = streamOf('lost')
  const sent = sendMessage(asking('lost'), 'Who?')
  await waitFor(() => expect(stream.current?.answers[0]?.text).toBe('Sir'))
  close()
  await sent
  await waitFor(() =>
    expect(stream.current?.answers).toMatchObject([{ text: 'Sir', problem: expect.stringMatching(/connection/) }]),
  )
})

it('asks again from the last question, without its answers', async () => {
  const seen = answering([token(0, 'x')], { endless: true })
  const message = (role: 'user' | 'assistant', text: string) =>
    ({
      id: text,
      role,
      text,
      model: null,
      tokens: null,
      tokensPerSecond: null,
      stopReason: null,
      createdAt: '',
    }) as const
  const before = [message('user', 'a'), message('assistant', 'b'), message('user', 'c'), message('assistant', 'd')]
  const stream = streamOf('again')
  const sent = regenerateAnswer({ ...asking('again'), before })
  await waitFor(() => expect(stream.current?.before.map(({ text }) => text)).toEqual(['a', 'b', 'c']))
  await waitFor(() => expect(seen.asked).toEqual(['again']))
  stream.current?.stop()
  await sent
})
