import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pruneCache } from './weight-cache'

let cache: string
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'cache-'))
})
afterEach(() => rm(cache, { recursive: true }))

const key = (number: number) => number.toString(16).padStart(32, '0')

/** A cached checkpoint of 100 bytes, last used so many hours ago. */
async function entry(number: number, hoursAgo: number) {
  await mkdir(join(cache, key(number)))
  await writeFile(join(cache, key(number), 'weights-0.safetensors'), Buffer.alloc(100))
  const time = new Date(Date.now() - hoursAgo * 3_600_000)
  await utimes(join(cache, key(number)), time, time)
}

it('drops what was not used for longest, beyond a number of entries', async () => {
  for (const number of [1, 2, 3, 4]) await entry(number, number + 2)
  await pruneCache(cache, key(1), { entries: 2, bytes: 1e9, safeMs: 3_600_000 })
  expect((await readdir(cache)).sort()).toEqual([key(1), key(2)])
})

it('drops beyond a number of bytes', async () => {
  for (const number of [1, 2, 3]) await entry(number, number + 2)
  await pruneCache(cache, key(1), { entries: 10, bytes: 250, safeMs: 3_600_000 })
  expect((await readdir(cache)).sort()).toEqual([key(1), key(2)])
})

it('keeps the current entry, and those that another process may be using', async () => {
  await entry(1, 9)
  await entry(2, 0.5)
  await entry(3, 0.2)
  await pruneCache(cache, key(1), { entries: 0, bytes: 0, safeMs: 3_600_000 })
  expect((await readdir(cache)).sort()).toEqual([key(1), key(2), key(3)])
})

it('clears temporary folders of processes that are gone, and no others', async () => {
  const of = (pid: number) => `.${key(1)}.${pid}-0123abcd.tmp`
  for (const name of [of(999_999_999), of(process.pid), 'something-else']) await mkdir(join(cache, name))
  await pruneCache(cache, key(1))
  expect((await readdir(cache)).sort()).toEqual([of(process.pid), 'something-else'].sort())
})
