/**
 * Finds Electron's binary. The npm package comes without it and downloads it when first asked; this does so within
 * bounds, and remembers a failure for a day, so that a machine that cannot have it starts as fast as any other.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inCheckout } from './checkout.mjs'
import { runStep } from './step.mjs'

const probeTimeoutMs = 5_000
const downloadTimeoutMs = 10 * 60_000
const failureLastsMs = 24 * 60 * 60_000

const electronFolder = inCheckout('node_modules', 'electron')
const failureFile = inCheckout('.cache', 'electron-unavailable.json')

/** The binary's path where it has been downloaded, else null. */
export function electronBinary() {
  const pathFile = join(electronFolder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(electronFolder, 'dist')
  const binary = join(folder, readFileSync(pathFile, 'utf8'))
  return existsSync(binary) ? binary : null
}

/** The binary's path, downloading it once where that is possible, else null. */
export async function obtainElectron() {
  const version = JSON.parse(readFileSync(join(electronFolder, 'package.json'), 'utf8')).version
  if (electronBinary() === null && !failedLately(version)) await download(version)
  return electronBinary()
}

async function download(version) {
  try {
    if (!(await isReachable(version))) throw new Error('its download cannot be reached')
    const title = 'Downloading Electron, once (about 110 MB)'
    await runStep(title, process.execPath, [join(electronFolder, 'install.js')], { timeoutMs: downloadTimeoutMs })
    rmSync(failureFile, { force: true })
  } catch (error) {
    console.error(`Electron is not available (${error.message}). Tomorrow it is tried again.`)
    mkdirSync(inCheckout('.cache'), { recursive: true })
    writeFileSync(failureFile, JSON.stringify({ version, at: Date.now() }))
  }
}

/** Asks for the first byte of the download; a mirror or proxy of the person's own is left to the installer. */
async function isReachable(version) {
  const { ELECTRON_MIRROR, npm_config_electron_mirror, ELECTRON_GET_USE_PROXY } = process.env
  if (ELECTRON_MIRROR || npm_config_electron_mirror || ELECTRON_GET_USE_PROXY) return true
  const file = `electron-v${version}-${process.platform}-${process.arch}.zip`
  const url = `https://github.com/electron/electron/releases/download/v${version}/${file}`
  try {
    const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) })
    return answer.ok
  } catch {
    return false
  }
}

function failedLately(version) {
  try {
    const failure = JSON.parse(readFileSync(failureFile, 'utf8'))
    return failure.version === version && Date.now() - failure.at < failureLastsMs
  } catch {
    return false
  }
}
