/**
 * Memory of a process and all its descendants on Linux: the sum of their proportional set sizes, in which a page that
 * n processes share counts 1/n to each. Source: proc(5), /proc/PID/smaps_rollup, /proc/PID/status, /proc/PID/stat.
 */
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Follows the peak of the tree under `root`. Reading the proportional size walks every page, some 15 ms a gigabyte in
 * which the process may have to wait; the resident size is a counter. So the counter is read each time, and the pages
 * are walked only when it says that the tree is larger than it ever was.
 */
export class TreeMemory {
  /** Bytes, or null where nothing could be read yet, or the system has no /proc. */
  peakBytes: number | null = null
  private largestResident = 0

  constructor(private readonly root: number) {}

  sample(): void {
    if (process.platform !== 'linux') return
    const tree = [...treeOf(this.root)]
    const resident = sum(tree.map((pid) => kilobytes(pid, 'status', 'VmRSS')))
    if (resident <= 1.005 * this.largestResident) return
    this.largestResident = resident
    this.peakBytes = Math.max(this.peakBytes ?? 0, 1024 * sum(tree.map((pid) => kilobytes(pid, 'smaps_rollup', 'Pss'))))
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

/** The value of a line `Name:  123 kB`, 0 for a process that has just ended. */
function kilobytes(pid: number, file: string, name: string): number {
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(read(`/proc/${pid}/${file}`) ?? '')
  return match ? Number(match[1]) : 0
}

/** The file's text, or null when its process has just ended. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
