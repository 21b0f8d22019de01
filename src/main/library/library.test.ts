import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DatasetEntry } from '../../shared/contract'
import { type Library, openLibrary } from '.'
import { migrations } from './migrations'

let folder: string
let home: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-library-'))
  home = join(folder, 'home')
})
afterEach(() => rm(folder, { recursive: true }))

async function importRows({ datasets }: Library, name = 'rows'): Promise<DatasetEntry> {
  const file = join(folder, `${name}.jsonl`)
  await writeFile(file, '{"text":"one"}\n{"text":"two"}\n')
  for await (const event of datasets.import(file, {})) if (event.type === 'done') return event.dataset
  throw new Error('The import did not end.')
}

test('what was put aside can be taken back until the library closes', async () => {
  const library = await openLibrary(home)
  const [kept, thrown] = [await importRows(library, 'kept'), await importRows(library, 'thrown')]
  library.datasets.remove(kept.id)
  library.datasets.restore(kept.id)
  library.datasets.remove(thrown.id)
  expect(() => library.datasets.remove(thrown.id)).toThrow(/There is no data set/)
  expect(existsSync(join(home, 'datasets', thrown.id))).toBe(true)
  await library.close()
  expect(await readdir(join(home, 'datasets'))).toEqual([kept.id])
  const again = await openLibrary(home)
  expect(again.datasets.list().map(({ id }) => id)).toEqual([kept.id])
  expect(() => again.datasets.restore(thrown.id)).toThrow(/There is no data set/)
  await again.close()
})

test('opening sweeps what a crash left, but only when nobody else is there', async () => {
  const library = await openLibrary(home)
  const dataset = await importRows(library)
  const leftovers = ['datasets/.data-x.1-2.tmp', 'datasets/data-orphan', 'exports/.export-x.tmp', 'uploads/upload-x']
  for (const name of leftovers) await mkdir(join(home, name), { recursive: true })
  const beside = await openLibrary(home)
  for (const name of leftovers) expect(existsSync(join(home, name))).toBe(true)
  await beside.close()
  await library.close()
  const alone = await openLibrary(home)
  for (const name of leftovers) expect(existsSync(join(home, name))).toBe(false)
  expect((await alone.datasets.rows(dataset.id, 0, 5)).rows).toHaveLength(2)
  await alone.close()
})

test('a change by another process is noticed', async () => {
  const [one, two] = [await openLibrary(home), await openLibrary(home)]
  const changes = two.changes.follow()
  expect(await changes.next()).toEqual({ done: false, value: { kind: 'models', id: '' } })
  const next = changes.next()
  one.conversations.create([{ kind: 'model', id: 'm' }], '')
  expect((await next).value).toMatchObject({ id: '' })
  expect(two.conversations.list()).toHaveLength(1)
  await one.close()
  await two.close()
  for await (const _ of changes); // ends with the library
})

test('following changes ends when it is aborted', async () => {
  const library = await openLibrary(home)
  const abort = new AbortController()
  const changes = library.changes.follow(abort.signal)
  await changes.next()
  const next = changes.next()
  abort.abort()
  expect(await next).toEqual({ done: true, value: undefined })
  await library.close()
})

test('a catalogue of a newer version is refused and left alone', async () => {
  await (await openLibrary(home)).close()
  const file = join(home, 'catalogue.sqlite')
  const newer = new Database(file)
  newer.exec(`PRAGMA user_version = ${migrations.length + 1}`)
  newer.close()
  await expect(openLibrary(home)).rejects.toThrow(/was written by a newer Camelot Studio/)
})

test.each<[string, () => Promise<unknown>, RegExp]>([
  ['a file is', () => writeFile(home, ''), /a file is in its place/],
  [
    'a broken catalogue is',
    () => mkdir(home).then(() => writeFile(join(home, 'catalogue.sqlite'), 'x'.repeat(5_000))),
    /catalogue cannot be opened/,
  ],
])('a home in whose place %s is refused with a sentence', async (_, spoil, sentence) => {
  await spoil()
  const failure = await openLibrary(home).catch((thrown) => thrown)
  expect(failure).toMatchObject({ code: 'UNREADABLE', message: expect.stringMatching(sentence) })
  expect(failure.message).toContain(`The data folder ${home} cannot be used`)
})

test.skipIf(process.getuid?.() === 0)('a home without permission is refused with a sentence', async () => {
  await mkdir(home)
  await chmod(home, 0o500)
  await expect(openLibrary(home)).rejects.toThrow(/no permission to write there/)
})
