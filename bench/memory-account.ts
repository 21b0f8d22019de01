/** What the memory of a process is made of on Linux. Source: proc(5), /proc/PID/smaps. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** Proportional bytes, in which a page that n processes share counts 1/n to each. */
export const MemoryAccount = z.object({
  /** Files mapped into memory, which are weights. */
  files: z.number(),
  /** Programs and their libraries. */
  programs: z.number(),
  /** All that has no file behind it. */
  anonymous: z.number(),
})
export type MemoryAccount = z.infer<typeof MemoryAccount>

export const totalOf = ({ files, programs, anonymous }: MemoryAccount) => files + programs + anonymous

/** Of several processes together; one that has just ended counts nothing. */
export function memoryAccount(processes: readonly number[]): MemoryAccount {
  const accounts = processes.map((pid) => accountOf(read(`/proc/${pid}/smaps`) ?? ''))
  const sum = (kind: keyof MemoryAccount) => accounts.reduce((total, account) => total + account[kind], 0)
  return { files: sum('files'), programs: sum('programs'), anonymous: sum('anonymous') }
}

const heading = /^[0-9a-f]+-[0-9a-f]+ \S{4} [0-9a-f]+ \S+ (\d+) *(.*)$/
const proportional = /^Pss: +(\d+) kB$/

export function accountOf(smaps: string): MemoryAccount {
  const account = { files: 0, programs: 0, anonymous: 0 }
  let kind: keyof MemoryAccount = 'anonymous'
  for (const line of smaps.split('\n')) {
    const mapping = heading.exec(line)
    if (mapping) kind = kindOf(mapping[1]!, mapping[2]!)
    const size = proportional.exec(line)
    if (size) account[kind] += 1024 * Number(size[1])
  }
  return account
}

const kindOf = (inode: string, path: string): keyof MemoryAccount => {
  if (inode === '0') return 'anonymous'
  return /\.(so(\.\d+)*|node)$|\/(node|python[\d.]*)$/.test(path) ? 'programs' : 'files'
}

/** The file's text, or null when its process has just ended. */
export function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
