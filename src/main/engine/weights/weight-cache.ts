/** Keeps the cache of prepared weights small: what was not used for longest goes first, and what a killed process left. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const cacheLimits = {
  /** Converted checkpoints kept. */
  entries: 6,
  bytes: 40 * 1024 ** 3,
  /** A folder used more recently than this may be in use by another process. */
  safeMs: 60 * 60 * 1000,
}

type Entry = { path: string; usedMs: number; bytes: number }

/** Removes what is beyond the limits, never `current`. Failing to remove is no failure. */
export async function pruneCache(cache: string, current: string, limits = cacheLimits): Promise<void> {
  const names = await readdir(cache).catch(() => [])
  await Promise.all(names.filter(isAbandoned).map((name) => remove(join(cache, name))))
  const entries = await Promise.all(names.filter(isEntry).map((name) => measure(join(cache, name))))
  entries.sort((a, b) => b.usedMs - a.usedMs)
  let bytes = 0
  for (const [place, entry] of entries.entries()) {
    bytes += entry.bytes
    const beyond = place >= limits.entries || bytes > limits.bytes
    const idle = Date.now() - entry.usedMs > limits.safeMs
    if (beyond && idle && !entry.path.endsWith(current)) await remove(entry.path)
  }
}

const isEntry = (name: string) => /^[0-9a-f]{32}$/.test(name)

/** A temporary folder whose writer is gone (see `temporaryName`). */
function isAbandoned(name: string): boolean {
  const writer = /^\..*\.(\d+)-[0-9a-f]{8}\.tmp$/.exec(name)?.[1]
  return writer !== undefined && !isAlive(Number(writer))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function measure(path: string): Promise<Entry> {
  const names = await readdir(path).catch(() => [])
  const stats = await Promise.all(names.map((name) => stat(join(path, name)).catch(() => null)))
  const usedMs = (await stat(path).catch(() => null))?.mtimeMs ?? 0
  return { path, usedMs, bytes: stats.reduce((sum, entry) => sum + (entry?.size ?? 0), 0) }
}

const remove = (path: string) => rm(path, { recursive: true, force: true }).catch(() => undefined)
