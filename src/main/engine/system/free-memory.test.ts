import { freemem } from 'node:os'
import { expect, it } from 'vitest'
import { freeMemoryBytes } from './free-memory'

const files =
  (content: Record<string, string>) =>
  async (file: string): Promise<string | null> =>
    content[file] ?? null

const closeToSystem = (value: number) => expect(Math.abs(value - freemem())).toBeLessThan(2e9)

it('is the system’s figure where no group limits it', async () => {
  closeToSystem(await freeMemoryBytes(files({})))
  closeToSystem(
    await freeMemoryBytes(
      files({ '/proc/self/cgroup': '0::/a\n', '/g/a/memory.max': 'max\n', '/g/a/memory.current': '5' }),
    ),
  )
})

it('is the smallest room of the groups above, with pages that can be dropped', async () => {
  const read = files({
    '/proc/self/cgroup': '0::/a/b\n',
    '/g/a/memory.max': '1000000\n',
    '/g/a/memory.current': '700000\n',
    '/g/a/memory.stat': 'anon 1\ninactive_file 100000\n',
    '/g/a/b/memory.max': '900000\n',
    '/g/a/b/memory.current': '100000\n',
  })
  expect(await freeMemoryBytes(read, '/g')).toBe(400_000)
})

it('reads groups of version 1, and a container’s own group at the root', async () => {
  const read = files({
    '/proc/self/cgroup': '5:cpu:/x\n4:memory:/docker/123\n',
    '/g/memory/memory.limit_in_bytes': '500000\n',
    '/g/memory/memory.usage_in_bytes': '600000\n',
    '/g/memory/memory.stat': 'total_inactive_file 50000\n',
  })
  expect(await freeMemoryBytes(read, '/g')).toBe(0)
})
