/**
 * Memory of a process and all its descendants on Linux: the sum of their proportional set sizes.
 * Source: proc(5), /proc/PID/smaps, /proc/PID/status, /proc/PID/stat.
 */
import { readdirSync } from 'node:fs'
import { type MemoryAccount, memoryAccount, read, totalOf } from './memory-account'

/**
 * Follows the peak of the tree under `root`. Reading the proportional size walks every page, some 15 ms a gigabyte in
 * which the process may have to wait; the resident size is a counter. So the counter is read each time, and the pages
 * are walked only when it says that the tree is larger than it ever was.
 */
export class TreeMemory {
  /** Null where nothing could be read yet, or the system has no /proc. */
  peak: MemoryAccount | null = null
  private largestResident = 0

  constructor(private readonly root: number) {}

  sample(): void {
    if (process.platform !== 'linux') return
    const tree = [...treeOf(this.root)]
    const resident = tree.reduce((sum, pid) => sum + residentKilobytes(pid), 0)
    if (resident <= 1.005 * this.largestResident) return
    this.largestResident = resident
    const account = memoryAccount(tree)
    if (!this.peak || totalOf(account) > totalOf(this.peak)) this.peak = account
  }
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

/** 0 for a process that has just ended. */
const residentKilobytes = (pid: number) =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0)
