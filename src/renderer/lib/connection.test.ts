// @vitest-environment node
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { browserConnection } from './connection'

/** As much of a socket as the link touches. */
class Socket extends EventTarget {
  readyState = 0
  open() {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }
  close() {
    this.readyState = 3
    this.dispatchEvent(new Event('close'))
  }
  send() {}
}

const sockets: Socket[] = []
const connect = () =>
  browserConnection(() => {
    const socket = new Socket()
    sockets.push(socket)
    return socket as unknown as WebSocket
  })

beforeEach(() => {
  sockets.length = 0
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

it('comes back by itself, says so once, and hands out the new link', async () => {
  const connection = connect()
  const reopened = vi.fn()
  connection.onReopened(reopened)
  expect(connection.status.get()).toBe('connecting')
  sockets[0]!.open()
  const first = await connection.ready()
  expect([connection.status.get(), reopened.mock.calls.length]).toEqual(['open', 0])

  sockets[0]!.close()
  expect(connection.status.get()).toBe('lost')
  const waiting = connection.ready()
  await vi.advanceTimersByTimeAsync(250)
  sockets[1]!.close()
  await vi.advanceTimersByTimeAsync(500)
  sockets[2]!.open()
  expect(await waiting).not.toBe(first)
  expect([connection.status.get(), reopened.mock.calls.length]).toEqual(['open', 1])
})

it('keeps trying when the first attempt fails, more and more slowly', async () => {
  const connection = connect()
  for (const wait of [250, 500, 1000, 2000, 4000, 4000]) {
    sockets.at(-1)!.close()
    expect(connection.status.get()).toBe('lost')
    const before = sockets.length
    await vi.advanceTimersByTimeAsync(wait - 1)
    expect(sockets).toHaveLength(before)
    await vi.advanceTimersByTimeAsync(1)
    expect(sockets).toHaveLength(before + 1)
  }
  sockets.at(-1)!.open()
  await connection.ready()
  expect(connection.status.get()).toBe('open')
})
