/** A studio of its own for each test: a fresh home, the fake engine, and small files to work with. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openStudio, type Studio, type StudioClient, type StudioOptions } from '../../src/main/studio'
import type { DatasetEntry, ModelEntry } from '../../src/shared/contract'

export const root = resolve(import.meta.dirname, '../..')
export const fakeEngine = join(root, 'tests/fixtures/fake-engine.cjs')
export const tinyModel = join(root, 'tests/fixtures/gpt2-tiny/model')

export type TestStudio = { studio: Studio; home: string; folder: string; end(): Promise<void> }

/** `folder` is for the test's own files; `home` lies in it. */
export async function openTestStudio(options: Partial<StudioOptions> = {}): Promise<TestStudio> {
  const folder = await mkdtemp(join(tmpdir(), 'camelot-test-'))
  const home = join(folder, 'home')
  const studio = await openStudio({
    home,
    engineScript: fakeEngine,
    resources: join(folder, 'resources'), // none, unless the test puts something there
    version: '0.0.0-test',
    electron: null,
    ...options,
  })
  const end = async () => {
    await studio.close()
    await rm(folder, { recursive: true, force: true })
  }
  return { studio, home, folder, end }
}

/** Forty rows of questions and answers. */
export async function writeRows(folder: string, name = 'facts.jsonl', count = 40): Promise<string> {
  const rows = Array.from({ length: count }, (_, row) => ({ prompt: `What is ${row}?`, completion: ` Number ${row}.` }))
  const file = join(folder, name)
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return file
}

/** A model and a data set in the catalogue, ready to train. */
export async function stock(
  client: StudioClient,
  folder: string,
): Promise<{ model: ModelEntry; dataset: DatasetEntry }> {
  const model = await client.models.add({ source: { kind: 'path', path: tinyModel } })
  const path = await writeRows(folder)
  for await (const event of await client.datasets.import({ source: { kind: 'path', path } }))
    if (event.type === 'done') return { model, dataset: event.dataset }
  throw new Error('The import did not end with a data set.')
}

export async function collect<T>(events: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const event of events) all.push(event)
  return all
}

/** Asks until the answer is true; fails the test after `ms` milliseconds. */
export async function eventually(holds: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not come true within ${ms} ms: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
