// @vitest-environment node
import { ORPCError } from '@orpc/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { TrainEvent } from '../../shared/contract'
import { RunWatcher, type Watch } from './run-log'

/** What the transport throws when its socket closes. */
const lost = new DOMException('Queue was closed', 'AbortError')
const event = (seq: number): TrainEvent => ({ seq, time: '', type: 'warning', message: `event ${seq}` })
const seqs = (watcher: RunWatcher) => watcher.get().events.map(({ seq }) => seq)

/** Each call of the watch takes the next script: numbers are events, an error is thrown, the end is the end. */
function scripted(...scripts: (number | Error)[][]) {
  const asked: number[] = []
  const watch: Watch = async (after) => {
    asked.push(after)
    const script = scripts.shift() ?? []
    return (async function* () {
      for (const item of script) {
        if (item instanceof Error) throw item
        yield event(item)
      }
    })()
  }
  return { watch, asked }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('goes on from the last sequence number after a dropped connection, and takes nothing twice', async () => {
  const { watch, asked } = scripted([1, 2, lost], [2, 3, 4])
  const watcher = new RunWatcher(watch)
  watcher.start()
  await vi.advanceTimersByTimeAsync(2000)
  expect(asked).toEqual([0, 2])
  expect(seqs(watcher)).toEqual([1, 2, 3, 4])
})

it('watches a resumed run again, after what it knows', async () => {
  const { watch, asked } = scripted([1, 2], [3])
  const watcher = new RunWatcher(watch)
  watcher.start()
  watcher.again()
  await vi.advanceTimersByTimeAsync(500)
  expect(asked).toEqual([0])
  watcher.again()
  await vi.advanceTimersByTimeAsync(500)
  expect(asked).toEqual([0, 2])
  expect(seqs(watcher)).toEqual([1, 2, 3])
})

it('closes the watch with its last viewer, and keeps what came', async () => {
  let signal: AbortSignal | undefined
  const watcher = new RunWatcher(async (_, given) => {
    signal = given
    return (async function* () {
      yield event(1)
      await new Promise((_, reject) => given.addEventListener('abort', () => reject(new Error('aborted'))))
    })()
  })
  watcher.start()
  watcher.start()
  await vi.advanceTimersByTimeAsync(500)
  watcher.stop()
  expect(signal?.aborted).toBe(false)
  watcher.stop()
  expect(signal?.aborted).toBe(true)
  expect(seqs(watcher)).toEqual([1])
})

it('gives up on a run that is gone, with the sentence of the studio', async () => {
  const gone = new ORPCError('NOT_FOUND', { message: 'This run was deleted.' })
  const { watch, asked } = scripted([gone])
  const watcher = new RunWatcher(watch)
  watcher.start()
  await vi.advanceTimersByTimeAsync(5000)
  expect(asked).toEqual([0])
  expect(watcher.get()).toMatchObject({ settled: true, problem: 'This run was deleted.' })
})

it('tells its listeners in batches', async () => {
  const watcher = new RunWatcher(scripted(Array.from({ length: 500 }, (_, i) => i + 1)).watch)
  const heard = vi.fn()
  watcher.subscribe(heard)
  watcher.start()
  await vi.advanceTimersByTimeAsync(1000)
  expect(seqs(watcher)).toHaveLength(500)
  expect(heard.mock.calls.length).toBeLessThan(5)
})
