/** Ctrl+C, signals, and readers that go away: what is kept, and how the command ends. */
import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, fixture, jsonLines, openBench, outcomeOf, outputUntil, tinyModel } from './support/camelot'

let bench: Bench
const rows = fixture('sixty-rows.jsonl')
const train = ['train', '--model', tinyModel, '--dataset', rows, '--json']

beforeAll(async () => {
  bench = await openBench(fixture('fake-engine.cjs'))
})
afterAll(() => bench.close())

const start = (words: readonly string[], stepMs = 20) =>
  bench.start(words, { environment: { FAKE_STEP_MS: String(stepMs) } })
const running = async (child: ChildProcess) => outputUntil(child, (output) => output.includes('"type":"log"'))
const engines = () =>
  spawnSync('pgrep', ['-f', `${bench.program}/out/main/engine.cjs`], { encoding: 'utf8' }).stdout.trim()

describe('train', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('saves on %s, ends with 130, and can be resumed', async (signal) => {
    const child = start(train)
    const outcome = outcomeOf(child)
    await running(child)
    child.kill(signal)
    const { status, notes, json } = await outcome
    expect([status, notes]).toEqual([130, 'Saving a checkpoint, then stopping; press Ctrl+C again to stop at once.\n'])
    const [started, ...events] = json() as { type: string; run?: string; step?: number; path?: string }[]
    const [saved, done] = events.slice(-2)
    expect([saved!.type, done]).toEqual([
      'checkpoint',
      expect.objectContaining({ type: 'done', stopped: true, step: saved!.step }),
    ])
    expect(existsSync(saved!.path!)).toBe(true)

    const resumed = await outcomeOf(start(['resume', started!.run!, '--json'], 1))
    expect(resumed.status).toBe(0)
    expect(resumed.json()[0]).toMatchObject({ type: 'start', run: started!.run, resumedFrom: saved!.step })
    expect(resumed.json().at(-1)).toMatchObject({ type: 'done', stopped: false, step: 40 })
  })

  it('does not wait after a second Ctrl+C, and takes the engine along', async () => {
    const child = start([...train, '--seed', '17', '--max-steps', '1000']) // an engine that does not stop when told to
    const outcome = outcomeOf(child)
    await running(child)
    child.kill('SIGINT')
    await sleep(900)
    expect(child.exitCode).toBeNull()
    child.kill('SIGINT')
    expect((await outcome).status).toBe(130)
    await expect.poll(engines, { timeout: 5_000 }).toBe('')
  })

  it('takes an echoed Ctrl+C for one', async () => {
    const child = start(train)
    const outcome = outcomeOf(child)
    await running(child)
    child.kill('SIGINT')
    await sleep(30)
    child.kill('SIGINT')
    const { status, json } = await outcome
    expect(status).toBe(130)
    expect(json().at(-1)).toMatchObject({ type: 'done', stopped: true })
  })

  it('leaves a run that is interrupted when the command itself is killed', async () => {
    const child = start([...train, '--name', 'struck'])
    const outcome = outcomeOf(child)
    await running(child)
    child.kill('SIGKILL')
    await outcome
    await expect.poll(engines, { timeout: 5_000 }).toBe('')
    const [run] = (await bench.run(['runs', '--json'])).json()
    expect(run).toMatchObject({ name: 'struck', status: 'interrupted' })
  })

  it('stops and saves quietly when nobody reads any more', async () => {
    const child = start([...train, '--name', 'unread'])
    let notes = ''
    child.stderr!.on('data', (text) => (notes += text))
    await outputUntil(child, (output) => output.includes('"type":"log"'))
    child.stdout!.destroy()
    const [status] = await once(child, 'close')
    expect([status, notes]).toEqual([130, ''])
    const [run] = (await bench.run(['runs', '--json'])).json()
    expect(run).toMatchObject({ name: 'unread', status: 'stopped' })
    expect((run!.checkpoints as unknown[]).length).toBeGreaterThan(0)
  })
})

describe('other commands', () => {
  it('gives what there is of a text that is interrupted', async () => {
    const child = start(['generate', '--model', tinyModel, '--prompt', 'long', '--stream', '--json'])
    const outcome = outcomeOf(child)
    await outputUntil(child, (output) => output.split('\n').length > 3)
    child.kill('SIGINT')
    const { status, json } = await outcome
    expect(status).toBe(130)
    expect(json().at(-1)).toMatchObject({ stopReason: 'cancelled' })
  })

  it('ends a list quietly when its reader leaves', async () => {
    const child = start(['datasets'])
    child.stdout!.destroy()
    let notes = ''
    child.stderr!.on('data', (text) => (notes += text))
    await once(child, 'close')
    expect(notes).toBe('')
  })
})

describe('serve', () => {
  it('says where it is, serves, and ends in order', async () => {
    const child = start(['serve', '--json'])
    const outcome = outcomeOf(child)
    const [{ url }] = jsonLines(await outputUntil(child, (output) => output.includes('\n'))) as [{ url: string }]
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{16,}$/)
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(302)
    expect((await fetch(new URL('/', url))).status).toBe(401)
    child.kill('SIGINT')
    const { status, notes } = await outcome
    expect([status, notes]).toEqual([0, ''])
    await expect(fetch(url)).rejects.toThrow()
  })

  it('says so when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const { status, notes } = await bench.run(['serve', '--port', String(port)])
    expect([status, notes]).toEqual([
      1,
      `camelot: Cannot listen on 127.0.0.1:${port}: another program uses it; choose another port.\n`,
    ])
    other.close()
  })
})
