import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { TrainEvent } from '../../shared/contract'
import { openRunLog, readRunLog, replayRunLog } from './run-log'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'camelot-log-'))
  file = join(folder, 'runs', 'events.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const warn = (message: string) => ({ type: 'warning' as const, message })

async function replay(): Promise<TrainEvent[]> {
  const events: TrainEvent[] = []
  for await (const event of replayRunLog(file)) events.push(event)
  return events
}

test('gives events their places and goes on counting when it is opened again', async () => {
  const first = openRunLog(file)
  expect(first.append(warn('a'))).toMatchObject({ seq: 1, type: 'warning', message: 'a' })
  first.append(warn('b'))
  first.close()
  const second = openRunLog(file)
  expect(second.append(warn('c')).seq).toBe(3)
  second.close()
  const events = await replay()
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3])
  for (const { time } of events) expect(new Date(time).toISOString()).toBe(time)
})

test('drops a last line that a crash cut short', async () => {
  const log = openRunLog(file)
  log.append(warn('whole'))
  log.close()
  const whole = readFileSync(file, 'utf8')
  appendFileSync(file, '{"seq":2,"type":"warn')
  expect(await replay()).toHaveLength(1)
  const again = openRunLog(file)
  expect(readFileSync(file, 'utf8')).toBe(whole)
  expect(again.append(warn('next')).seq).toBe(2)
  again.close()
  expect(await replay()).toHaveLength(2)
})

test('a reader sees whole lines only, and reads on from where it was', async () => {
  const log = openRunLog(file)
  log.append(warn('first'))
  appendFileSync(file, '{"type":"warning","seq":2,"ti')
  const one = await readRunLog(file, 0)
  expect(one.events).toHaveLength(1)
  expect(await readRunLog(file, one.offset)).toEqual({ events: [], offset: one.offset })
  appendFileSync(file, 'me":"","message":"late"}\n')
  const two = await readRunLog(file, one.offset)
  expect(two.events).toMatchObject([{ seq: 2, message: 'late' }])
  log.close()
})

test('skips lines that are no events, reads lines of any length, and takes a missing log for an empty one', async () => {
  expect(await readRunLog(file, 0)).toEqual({ events: [], offset: 0 })
  const log = openRunLog(file)
  const long = 'ü'.repeat(1_500_000) // longer than one reading
  log.append(warn('before'))
  log.append(warn(long))
  log.close()
  appendFileSync(file, 'not JSON\n{"type":"surprise","seq":3,"time":""}\n')
  const last = openRunLog(file)
  last.append(warn('after'))
  last.close()
  const events = await replay()
  expect(events.map((event) => event.type === 'warning' && event.message.length)).toEqual([6, long.length, 5])
})

test('refuses to write what is not an event', () => {
  const log = openRunLog(file)
  expect(() => log.append({ type: 'log', step: 'one' } as never)).toThrow()
  log.close()
  expect(readFileSync(file, 'utf8')).toBe('')
  writeFileSync(file, '')
})
