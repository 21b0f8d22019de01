/** Installs the packages of package-lock.json when node_modules does not hold them. */
import { existsSync, readFileSync } from 'node:fs'
import { inCheckout } from './checkout.mjs'
import { runStep } from './step.mjs'

/** Whether npm's own record of what it installed agrees with the lock file. npm writes that record last. */
export function isInstalled() {
  const record = inCheckout('node_modules', '.package-lock.json')
  return existsSync(record) && agrees(packagesOf(inCheckout('package-lock.json')), packagesOf(record))
}

const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages

/**
 * Whether every wanted package is there as wanted. Packages for other systems are marked optional and may be absent.
 * @param {Record<string, object>} wanted packages of the lock file, by their path; '' is the checkout itself
 * @param {Record<string, object>} installed packages of npm's record
 */
export const agrees = (wanted, installed) =>
  Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    if (path === '') return true
    const found = installed[path]
    if (found === undefined) return optional === true || devOptional === true
    return found.version === version && found.integrity === integrity
  })

/** @param {{ quiet?: boolean }} options quiet says something only when it fails */
export async function installWhenNeeded({ quiet = false } = {}) {
  if (isInstalled()) return
  await runStep('Installing packages', ...npm('ci', '--no-audit', '--no-fund', '--loglevel=error'), { quiet })
  if (!isInstalled()) throw new Error('npm ci ended well, but node_modules does not hold what package-lock.json names.')
}

/** npm as the program that started us, so that its version and settings are the person's own. */
function npm(...args) {
  const entry = process.env.npm_execpath
  if (entry?.endsWith('.js')) return [process.execPath, [entry, ...args]]
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args]
}
