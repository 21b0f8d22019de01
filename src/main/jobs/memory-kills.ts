/** Tells whether it was the system that killed a process: Linux counts those that it kills when memory runs out. */
import { readFileSync } from 'node:fs'

/** How many there were since the machine started (also those that reached their group's limit); 0 elsewhere. */
export function memoryKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
