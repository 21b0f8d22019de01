/** What is worth knowing about the machine when one reads a figure; nothing that tells whose it is. */
import { existsSync, readFileSync } from 'node:fs'
import { arch, cpus, platform, totalmem } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

export function machine() {
  const flags = processorFlags()
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    instructions: ['avx2', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_bf16', 'amx_int8'].filter((flag) =>
      flags.has(flag),
    ),
    memoryBytes: totalmem(),
    system: `${platform()} ${arch()}`,
    node: process.versions.node,
  }
}

/** Cores that other programs keep busy, watched for two seconds. */
async function otherLoad(): Promise<number> {
  const before = cpus()
  await sleep(2000)
  const busy = cpus().map(({ times }, core) => {
    const total = sum(times) - sum(before[core]!.times)
    return total > 0 ? 1 - (times.idle - before[core]!.times.idle) / total : 0
  })
  return Number(busy.reduce((all, share) => all + share, 0).toFixed(2))
}

const sum = (times: Record<string, number>) => Object.values(times).reduce((all, time) => all + time, 0)

/** Cores in other hands from which on the figures are not worth quoting. */
const BUSY = 0.5

/** What `otherLoad` found, after a word of warning where it is too much. */
export async function checkedLoad(): Promise<number> {
  const load = await otherLoad()
  if (load > BUSY)
    console.error(`Other programs keep ${load} cores busy: the figures will be too low, and noisy. Close them first.`)
  return load
}

/** Without them torch multiplies bf16 matrices in plain code, minutes a step. */
export const processorHasBf16 = () => ['avx512_bf16', 'amx_bf16'].some((flag) => processorFlags().has(flag))

function processorFlags(): Set<string> {
  if (!existsSync('/proc/cpuinfo')) return new Set()
  const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))
  return new Set(line?.[1]?.trim().split(/\s+/) ?? [])
}
