import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { defaultGenerationSettings } from '../../shared/contract'
import type { JobOf } from './job-events'
import { runJob } from './run-job'
import { warmGenerator } from './warm-generator'

const fake = join(import.meta.dirname, '../../../tests/fixtures/fake-engine.cjs')
const engine = { script: fake, electron: false }
const ask = (text: string): JobOf<'generate'> => ({
  kind: 'generate',
  spec: {
    model: { folder: '/m', adapter: null },
    cacheDir: '/c',
    prompt: { text },
    settings: defaultGenerationSettings,
  },
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'camelot-jobs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}

test('yields the events of a job, parsed', async () => {
  const events = await collect(runJob(engine, ask('hi')))
  expect(events.at(-1)).toMatchObject({ type: 'done', text: 'You asked: hi (turn 1)', stopReason: 'eos' })
  expect(events.length).toBeGreaterThan(3)
})

test("throws the job's own failure", async () => {
  await expect(collect(runJob(engine, ask('please fail')))).rejects.toMatchObject({
    name: 'EngineError',
    code: 'bad_model',
  })
})

test('an abort ends the job, which says what it has', async () => {
  const abort = new AbortController()
  const events = []
  for await (const event of runJob(engine, ask('a long one'), { signal: abort.signal })) {
    events.push(event)
    abort.abort()
  }
  expect(events.at(-1)).toMatchObject({ type: 'done', stopReason: 'cancelled' })
  expect(events.length).toBeLessThan(10)
})

test('a job that is left early leaves no process', async () => {
  const script = join(folder, 'engine.cjs')
  writeFileSync(
    script,
    `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'pid'))}, String(process.pid)); require(${JSON.stringify(fake)})`,
  )
  for await (const _ of runJob({ script, electron: false }, ask('a long one'))) break
  expect(() => process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0)).toThrow(/ESRCH/)
})

test.each([
  ['a script that is missing', 'nowhere.cjs', null, /Cannot find module/],
  ['a script that throws', 'throws.cjs', "throw new Error('no luck')", /no luck/],
  [
    'a script that talks nonsense',
    'nonsense.cjs',
    "process.send({ type: 'hello' }); setInterval(() => {}, 1000)",
    /not understood/,
  ],
  ['a script that just ends', 'ends.cjs', '', /ended by itself \(exit code 0\)/],
])('%s fails the job with a sentence', async (_, name, content, sentence) => {
  const script = join(folder, name)
  if (content !== null) writeFileSync(script, content)
  const failure = await collect(runJob({ script, electron: false }, ask('hi'))).catch((thrown) => thrown)
  expect(failure).toMatchObject({ name: 'EngineDeath', code: 'crashed' })
  expect(failure.message).toMatch(sentence)
})

test('the warm process answers in turn, survives a failure, and is released when idle', async () => {
  const starts = join(folder, 'starts')
  const script = join(folder, 'engine.cjs')
  writeFileSync(
    script,
    `require('node:fs').appendFileSync(${JSON.stringify(starts)}, 's'); require(${JSON.stringify(fake)})`,
  )
  const generator = warmGenerator({ script, electron: false }, 300)
  const started = () => readFileSync(starts, 'utf8').length

  const [one, two] = await Promise.all([collect(generator.run(ask('one'))), collect(generator.run(ask('two')))])
  expect([one.at(-1), two.at(-1)]).toMatchObject([
    { text: 'You asked: one (turn 1)' },
    { text: 'You asked: two (turn 1)' },
  ])
  await expect(collect(generator.run(ask('fail')))).rejects.toThrow('The model cannot answer this.')
  await collect(generator.run(ask('three')))
  expect(started()).toBe(1)

  for await (const _ of generator.run(ask('a long one'))) break // left in the middle: a fresh process is safer
  await collect(generator.run(ask('four')))
  expect(started()).toBe(2)

  await new Promise((resolve) => setTimeout(resolve, 500))
  await collect(generator.run(ask('five')))
  expect(started()).toBe(3)
  await generator.close()
})
