/**
 * Builds `out/` when the sources changed. The build is made in a folder beside it and put in its place when complete,
 * so a build that fails or is cut short leaves the last good one.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { inCheckout } from './checkout.mjs'
import { sourcesFingerprint } from './sources.mjs'
import { runStep } from './step.mjs'

const stamp = (folder) => inCheckout(folder, '.sources')

const isBuilt = (folder, fingerprint) =>
  existsSync(stamp(folder)) && readFileSync(stamp(folder), 'utf8') === fingerprint

/**
 * @param {{ quiet?: boolean, force?: boolean, folder?: string, electronMajor?: string }} options `electronMajor` makes
 *   a build for another Electron than the installed one, into a folder of its own
 */
export async function buildWhenNeeded({ quiet = false, force = false, folder = 'out', electronMajor } = {}) {
  if (!force && isBuilt(folder, sourcesFingerprint())) return
  await withLock(async () => {
    const fingerprint = sourcesFingerprint()
    if (!force && isBuilt(folder, fingerprint)) return
    removeLeftovers()
    const fresh = inCheckout('.cache', `build-${process.pid}`)
    try {
      const env = { CAMELOT_BUILD_FOLDER: fresh, ...(electronMajor && { ELECTRON_MAJOR_VER: electronMajor }) }
      const builder = inCheckout('node_modules', 'electron-vite', 'bin', 'electron-vite.js')
      await runStep('Building', process.execPath, [builder, 'build', '--logLevel', 'warn'], { quiet, env })
      writeFileSync(`${fresh}/.sources`, fingerprint)
      putInPlace(fresh, inCheckout(folder))
    } finally {
      rmSync(fresh, { recursive: true, force: true })
    }
  })
}

/** Whoever holds the lock is alone, so what lies about is of builds that were cut short. */
function removeLeftovers() {
  for (const name of readdirSync(inCheckout('.cache')))
    if (/^build-\d/.test(name)) rmSync(inCheckout('.cache', name), { recursive: true, force: true })
}

function putInPlace(fresh, target) {
  const old = `${fresh}-old`
  if (existsSync(target)) renameSync(target, old)
  renameSync(fresh, target)
  rmSync(old, { recursive: true, force: true })
}

/** One build at a time: others wait, and a lock whose process is gone is taken over. */
async function withLock(work) {
  const lock = inCheckout('.cache', 'build.lock')
  mkdirSync(inCheckout('.cache'), { recursive: true })
  while (!takeLock(lock)) await sleep(200)
  try {
    await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function takeLock(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (isAbandoned(lock)) rmSync(lock, { force: true })
    return false
  }
}

/** A lock is given up when its process is gone, or after a quarter of an hour. */
function isAbandoned(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > 15 * 60_000) return true
    const owner = Number(readFileSync(lock, 'utf8'))
    if (owner > 0) process.kill(owner, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
