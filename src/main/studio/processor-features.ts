/**
 * The instructions of this processor that decide how fast it multiplies matrices. Linux lists them in /proc/cpuinfo
 * (`flags` on x86, `Features` on ARM; names as in the kernel's cpufeatures.h and hwcap.c), macOS through sysctl.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** What people call a feature, and the names under which systems list it. */
const known: readonly (readonly [title: string, names: readonly string[]])[] = [
  ['AVX2', ['avx2']],
  ['AVX-512', ['avx512f']],
  ['VNNI', ['avx512_vnni', 'avx_vnni']],
  ['AMX', ['amx_int8']],
  ['NEON', ['asimd', 'FEAT_AdvSIMD']],
  ['NEON dot product', ['asimddp', 'FEAT_DotProd']],
  ['int8 matrix product', ['i8mm', 'FEAT_I8MM']],
]

/** null where the system does not tell. */
export async function processorFeatures(platform = process.platform): Promise<string[] | null> {
  if (platform === 'linux') return featuresIn(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))
  if (platform !== 'darwin') return null
  const names = known.flatMap(([, listed]) => listed).filter((name) => name.startsWith('FEAT_'))
  const asked = names.map((name) => `hw.optional.arm.${name}`)
  const answer = await promisify(execFile)('sysctl', asked).catch(() => null)
  return answer && titlesOf(new Set([...answer.stdout.matchAll(/\.(FEAT_\w+): 1/g)].map(([, name]) => name!)))
}

/** Of the text of /proc/cpuinfo. */
export function featuresIn(text: string): string[] | null {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)
  return line && titlesOf(new Set(line[1]!.split(' ')))
}

const titlesOf = (names: ReadonlySet<string>): string[] =>
  known.filter(([, listed]) => listed.some((name) => names.has(name))).map(([title]) => title)
