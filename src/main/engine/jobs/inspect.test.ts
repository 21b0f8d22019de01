import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { InspectSpec } from '../protocol'
import { control } from './control'
import { inspect } from './inspect'

const fixtures = join(import.meta.dirname, '../../../../tests/fixtures/gpt2-tiny')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inspect-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function statistics(changes: Partial<InspectSpec>) {
  const spec: InspectSpec = {
    model: { folder: join(fixtures, 'model'), adapter: null },
    rows: {
      file: join(fixtures, 'rows.jsonl'),
      mapping: { kind: 'completion', prompt: 'prompt', completion: 'completion' },
    },
    format: 'jsonl',
    columns: ['prompt', 'completion'],
    maxLength: 48,
    ...changes,
  }
  for await (const event of inspect(spec, control())) return event.statistics
  throw new Error('No statistics came.')
}

it('counts what the reference counts', async () => {
  const found = await statistics({})
  expect(found).toMatchObject({ rows: 21, format: 'jsonl', truncated: 5, unsupervised: 1, duplicates: 0 })
  // The reference's number of targets of these rows, see golden.json: losses.rows.tokens.
  expect(found.tokens.supervised).toBe(398)
  expect(found.tokens.max).toBeGreaterThan(48)
  expect(found.tokens.min).toBeLessThanOrEqual(found.tokens.median)
  expect(found.tokens.median).toBeLessThanOrEqual(found.tokens.p95)
  expect(found.problems).toEqual([
    '5 rows are longer than 48 tokens and would be cut at the right.',
    '1 row has nothing to learn: no completion is left within 48 tokens.',
  ])
})

it('measures whole rows, cuts to the context of the model, and finds rows that repeat', async () => {
  const file = join(folder, 'rows.jsonl')
  const texts = ['a', 'bb', 'a', '!'.repeat(100), 'a']
  await writeFile(file, texts.map((text) => `${JSON.stringify({ text })}\n`).join(''))
  const found = await statistics({ rows: { file, mapping: { kind: 'text', text: 'text' } }, maxLength: 512 })
  expect(found.tokens).toMatchObject({ min: 2, median: 2, max: 101, p95: 101, total: 3 * 2 + 3 + 64 })
  expect(found).toMatchObject({ truncated: 1, duplicates: 2, unsupervised: 0 })
  expect(found.problems).toEqual([
    '1 row is longer than 64 tokens and would be cut at the right.',
    '2 rows repeat an earlier row.',
  ])
})

it('ends without a result when it is stopped', async () => {
  const stopped = control()
  stopped.stop()
  const spec = {
    model: { folder: join(fixtures, 'model'), adapter: null },
    rows: { file: join(fixtures, 'rows-text.jsonl'), mapping: { kind: 'text' as const, text: 'text' } },
    format: 'jsonl' as const,
    columns: ['text'],
    maxLength: 48,
  }
  expect(await inspect(spec, stopped).next()).toEqual({ done: true, value: undefined })
})
