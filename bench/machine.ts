/** What is worth knowing about the machine when one reads a figure; nothing that tells whose it is. */
import { existsSync, readFileSync } from 'node:fs'
import { arch, cpus, loadavg, platform, totalmem } from 'node:os'

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

/** Processes that wanted a core in the last minute, on average: before a benchmark starts, other people's. */
export const otherLoad = () => Number(loadavg()[0]!.toFixed(2))

/** Without them torch multiplies bf16 matrices in plain code, minutes a step. */
export const processorHasBf16 = () => ['avx512_bf16', 'amx_bf16'].some((flag) => processorFlags().has(flag))

function processorFlags(): Set<string> {
  if (!existsSync('/proc/cpuinfo')) return new Set()
  const line = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))
  return new Set(line?.[1]?.trim().split(/\s+/) ?? [])
}
