/**
 * The peer's Python: one the person names, or a virtual environment of our own in the cache folder, made once for
 * the versions pinned in peer/requirements.txt.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRepository } from './repository'

const requirements = inRepository('bench', 'peer', 'requirements.txt')

/** Path of an interpreter that can import the peer's packages. */
export function peerPython(given: string | undefined, cacheFolder: string): string {
  const python = given ?? ownEnvironment(join(cacheFolder, 'peer-environment'))
  const check = spawnSync(python, ['-c', 'import torch, transformers, peft'], { encoding: 'utf8' })
  if (check.status === 0) return python
  throw new Error(
    `${python} cannot import torch, transformers and peft: ${(check.error?.message ?? check.stderr).trim()}\n` +
      `Install bench/peer/requirements.txt there, or leave --python out to have an environment made.`,
  )
}

/** Makes the environment if it is missing or made from other requirements; the mark that it is whole comes last. */
function ownEnvironment(folder: string): string {
  const python = join(folder, 'bin', 'python')
  const mark = join(folder, 'requirements.sha256')
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return python
  console.error(`Installing the peer (torch, transformers, peft) into ${folder}: several gigabytes, once.`)
  rmSync(folder, { recursive: true, force: true })
  execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 2, 2] })
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements], { stdio: ['ignore', 2, 2] })
  writeFileSync(mark, wanted)
  return python
}
