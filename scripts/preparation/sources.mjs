/** A fingerprint of everything that the build reads. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './checkout.mjs'

const read = ['src', 'package.json', 'package-lock.json', 'electron.vite.config.ts', 'tsconfig.base.json']
const isTest = (path) => /\.test\.tsx?$/.test(path)

/** SHA-256 over the paths and contents of the sources (tests left out), so a new checkout time changes nothing. */
export function sourcesFingerprint() {
  const hash = createHash('sha256')
  for (const path of read
    .flatMap(filesUnder)
    .filter((path) => !isTest(path))
    .sort())
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  return hash.digest('hex')
}

function filesUnder(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path]
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)],
  )
}
