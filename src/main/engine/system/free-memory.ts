/**
 * How much memory this process can still have: what the system would give, within the limit of its control group
 * (containers, systemd slices). Sources: Linux' cgroup-v2.rst (memory.max, memory.current, memory.stat) and the
 * version 1 files of the same meaning.
 */
import { readFile } from 'node:fs/promises'
import { freemem } from 'node:os'
import { dirname, join } from 'node:path'

/** In bytes. On Linux the system's figure counts files' pages that can be dropped as free. */
export async function freeMemoryBytes(read = readText, root = '/sys/fs/cgroup'): Promise<number> {
  const groups = (await read('/proc/self/cgroup')) ?? ''
  const rooms = groups.split('\n').map(async (line) => {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    if (path === undefined) return Number.POSITIVE_INFINITY
    if (controllers === '') return roomIn(read, root, path, version2)
    return controllers!.split(',').includes('memory')
      ? roomIn(read, join(root, 'memory'), path, version1)
      : Number.POSITIVE_INFINITY
  })
  return Math.min(freemem(), ...(await Promise.all(rooms)))
}

type Read = (file: string) => Promise<string | null>
type Names = { limit: string; used: string; droppable: RegExp }

const version2: Names = { limit: 'memory.max', used: 'memory.current', droppable: /^inactive_file (\d+)$/m }
const version1: Names = {
  limit: 'memory.limit_in_bytes',
  used: 'memory.usage_in_bytes',
  droppable: /^total_inactive_file (\d+)$/m,
}

/** The smallest room of a group and those above it. A container sees its own group as the root. */
async function roomIn(read: Read, root: string, path: string, names: Names): Promise<number> {
  let room = Number.POSITIVE_INFINITY
  for (let group = path; ; group = dirname(group)) {
    const [limit, used, statistics] = await Promise.all([
      read(join(root, group, names.limit)),
      read(join(root, group, names.used)),
      read(join(root, group, 'memory.stat')),
    ])
    const bound = Number(limit?.trim() || Number.NaN) // "max" is no number
    const droppable = Number(names.droppable.exec(statistics ?? '')?.[1] ?? 0)
    if (Number.isFinite(bound) && used !== null) room = Math.min(room, bound - Number(used) + droppable)
    if (group === '/' || group === '.') return Math.max(0, room)
  }
}

const readText: Read = (file) => readFile(file, 'utf8').catch(() => null)
