import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resolveArguments } from '../../shared/contract'
import { type Library, openLibrary } from '../library'
import type { FileLock } from '../library/file-lock'
import { openRunLog, type RunLogWriter } from '../library/run-log'
import { createGrowth, type Growth } from './growth'
import { watchRun } from './watch-run'

const id = 'run-a'
let folder: string
let library: Library
let lock: FileLock
let log: RunLogWriter
let growth: Growth
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'camelot-watch-'))
  library = await openLibrary(folder)
  growth = createGrowth()
  lock = library.runs.claim(id)
  const rows = { file: 'rows.jsonl', mapping: { kind: 'text' as const, text: 'text' } }
  const spec = {
    run: id,
    model: { folder: '/m', adapter: null },
    train: rows,
    validation: null,
    outputDir: '/o',
    cacheDir: '/c',
  }
  library.runs.add({
    id,
    name: 'A',
    modelId: 'm',
    modelName: 'M',
    modelFolder: '/m',
    datasetId: 'd',
    datasetName: 'D',
    spec: { ...spec, arguments: {}, resumeFrom: null, samplePrompts: [] },
    arguments: resolveArguments({}, {}, { contextLength: 8, hasValidationData: false, hasPrompts: false }),
    outputDir: '/o',
  })
  log = openRunLog(library.home.runLog(id))
})
afterEach(async () => {
  log.close()
  lock.release()
  await library.close()
  rmSync(folder, { recursive: true })
})

const warn = (message: string) => log.append({ type: 'warning', message })
const watch = (isMine: boolean, signal?: AbortSignal, after = 0) =>
  watchRun({ library, growth, isMine: () => isMine }, id, after, signal)

/** Resolves to 'waiting' while the promise has not settled. */
const within = <T>(ms: number, promise: Promise<T>) =>
  Promise.race([promise, new Promise<'waiting'>((resolve) => setTimeout(() => resolve('waiting'), ms))])
/** Long enough to wait for, and less than a watch that nobody wakes takes to look by itself. */
const wakeMs = 3_000

test('replays, follows when it is woken, and ends with the run', async () => {
  warn('one')
  const events = watch(true)
  expect((await events.next()).value).toMatchObject({ seq: 1 })
  const next = events.next()
  expect(await within(100, next)).toBe('waiting')
  warn('two')
  growth.say(id)
  expect(await within(wakeMs, next)).toMatchObject({ value: { seq: 2, message: 'two' } })
  warn('three')
  library.runs.update(id, { status: 'done' })
  growth.say(id)
  expect((await events.next()).value).toMatchObject({ seq: 3 })
  expect((await events.next()).done).toBe(true)
})

test('leaves out what was seen already', async () => {
  for (const message of ['one', 'two', 'three']) warn(message)
  expect((await watch(true, undefined, 2).next()).value).toMatchObject({ seq: 3 })
})

test('follows the run of another process without being woken', async () => {
  const events = watch(false)
  const next = events.next()
  expect(await within(100, next)).toBe('waiting')
  warn('one')
  expect((await next).value).toMatchObject({ seq: 1 })
  const end = events.next()
  lock.release() // its process is gone
  expect((await end).done).toBe(true)
  expect(library.runs.get(id).status).toBe('interrupted')
})

test('an abort ends it while it waits', async () => {
  const abort = new AbortController()
  const next = watch(true, abort.signal).next()
  expect(await within(100, next)).toBe('waiting')
  abort.abort()
  expect(await within(wakeMs, next)).toMatchObject({ done: true })
})
