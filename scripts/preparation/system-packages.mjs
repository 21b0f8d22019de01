/** Programs that the end-to-end tests need from the system: found, installed where we may, or asked for. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Absolute path of the first of these programs that can be found, else null. Absolute names are taken as they are. */
export function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const candidates = names.flatMap((name) =>
    name.includes('/') ? [name] : folders.map((folder) => join(folder, name)),
  )
  return candidates.find(isExecutable) ?? null
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export const chromiumNames = [
  process.env.CAMELOT_TEST_CHROMIUM ?? 'chromium',
  'chromium',
  'chromium-browser',
  'google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * Finds one of the programs, installing a Debian package for it where we are root and may.
 * @returns {string | null} its path
 */
export function obtainProgram(names, debianPackage) {
  return findProgram(names) ?? (installPackage(debianPackage) ? findProgram(names) : null)
}

function installPackage(name) {
  if (process.platform !== 'linux' || process.getuid() !== 0 || findProgram(['apt-get']) === null) return false
  console.log(`Installing ${name} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args) =>
    spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  return run('update') && run('install', '-y', '--no-install-recommends', name)
}
