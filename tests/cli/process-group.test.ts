/** A signal to the whole group (Ctrl+C at a terminal, a service manager's stop) reaches the real engine too: it saves. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Bench, fixture, openBench, outcomeOf, outputUntil, tinyModel } from './support/camelot'

let bench: Bench
const train = ['train', '--model', tinyModel, '--dataset', fixture('gpt2-tiny/rows.jsonl'), '--json']

beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', async (signal) => {
  const child = bench.start([...train, '--max-steps', '100000', '--logging-steps', '1', '--eval-strategy', 'no'], {
    ownGroup: true,
  })
  const outcome = outcomeOf(child)
  await outputUntil(child, (output) => output.includes('"type":"log"'))
  process.kill(-child.pid!, signal)
  const { status, json } = await outcome
  expect(status).toBe(130)
  const events = json() as { type: string; step: number; path?: string; stopped?: boolean }[]
  const saved = events.findLast(({ type }) => type === 'checkpoint')!
  expect(events.at(-1)).toMatchObject({ type: 'done', stopped: true, step: saved.step })
  expect(existsSync(saved.path!)).toBe(true)
})
