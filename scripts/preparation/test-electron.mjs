/** Which Electron the end-to-end test opens, and the build that goes with it. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildWhenNeeded } from './build.mjs'
import { inCheckout } from './checkout.mjs'
import { obtainElectron } from './electron-binary.mjs'
import { obtainProgram } from './system-packages.mjs'

/**
 * The product's own Electron where its binary can be had; otherwise the one that CAMELOT_TEST_ELECTRON names, with a
 * build made for its version. On Linux a display of its own is needed too.
 * @returns {Promise<{ env: Record<string, string> } | { missing: string }>} what the test is told, or what is missing
 */
export async function prepareTestElectron() {
  const binary = (await obtainElectron()) ?? process.env.CAMELOT_TEST_ELECTRON ?? null
  if (binary === null)
    return { missing: "Electron's binary can neither be downloaded nor found in CAMELOT_TEST_ELECTRON" }
  const major = majorOf(binary)
  if (major === null) return { missing: `${binary} does not run` }
  if (process.platform === 'linux' && obtainProgram(['Xvfb'], 'xvfb') === null) return { missing: 'the package xvfb' }
  if (major === productMajor()) {
    await buildWhenNeeded()
    return { env: { CAMELOT_TEST_ELECTRON: binary, CAMELOT_TEST_BUILD: inCheckout('out') } }
  }
  const folder = `out-electron${major}`
  await buildWhenNeeded({ folder, electronMajor: major })
  return {
    env: { CAMELOT_TEST_ELECTRON: binary, CAMELOT_TEST_BUILD: inCheckout(folder), CAMELOT_TEST_STAND_IN: major },
  }
}

const productMajor = () => {
  const { version } = JSON.parse(readFileSync(join(inCheckout('node_modules', 'electron'), 'package.json'), 'utf8'))
  return version.split('.')[0]
}

function majorOf(binary) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' }
  const { status, stdout } = spawnSync(binary, ['-p', 'process.versions.electron'], { env, encoding: 'utf8' })
  return status === 0 ? stdout.trim().split('.')[0] : null
}
