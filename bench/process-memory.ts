/**
 * Memory of a process and all its descendants on Linux: the sum of their proportional set sizes, in which a page that
 * n processes share counts 1/n to each. Source: proc(5), /proc/PID/smaps_rollup and /proc/PID/stat.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** Bytes of the tree under `root`, or null where the system has no /proc. */
export function treeMemoryBytes(root: number): number | null {
  if (process.platform !== 'linux') return null
  return [...treeOf(root)].reduce((sum, pid) => sum + proportionalSetBytes(pid), 0)
}

/** The process and its descendants. */
function treeOf(root: number): Set<number> {
  const parents = new Map(processIds().map((pid) => [pid, parentOf(pid)]))
  const tree = new Set([root])
  for (let grown = true; grown; ) {
    grown = false
    for (const [pid, parent] of parents)
      if (parent !== null && tree.has(parent) && !tree.has(pid)) {
        tree.add(pid)
        grown = true
      }
  }
  return tree
}

const processIds = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

/** The parent's id: second field after the command's name, which stands in brackets and may hold anything. */
function parentOf(pid: number): number | null {
  const text = read(`/proc/${pid}/stat`)
  return text === null ? null : Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
}

function proportionalSetBytes(pid: number): number {
  const match = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')
  return match ? 1024 * Number(match[1]) : 0
}

/** The file's text, or null when its process has just ended. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
