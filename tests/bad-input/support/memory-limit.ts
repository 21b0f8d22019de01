/** A group of processes that Linux lets have little memory, and of which it kills one when that is not enough. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type MemoryLimit = {
  /** File to which a process writes its id to be one of the group. */
  members: string
  release(): void
}

/** Null, and said loudly, where we may make no such group. */
export function memoryLimit(bytes: number): MemoryLimit | null {
  const name = `camelot-test-${process.pid}`
  for (const [root, limit] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ] as const) {
    const folder = join(root, name)
    try {
      mkdirSync(folder)
      if (existsSync(join(folder, limit))) {
        writeFileSync(join(folder, limit), String(bytes))
        return { members: join(folder, 'cgroup.procs'), release: () => rmdirSync(folder) }
      }
      rmdirSync(folder)
    } catch {
      // Not this kind of group, or not for us.
    }
  }
  console.warn(
    'SKIPPED: the killing for want of memory takes the right to limit the memory of processes (root, Linux).',
  )
  return null
}
