/** The two ways to show the studio: a window of Electron, and the browser. */
import readline from 'node:readline'
import { inCheckout, root } from './checkout.mjs'
import { obtainElectron } from './electron-binary.mjs'
import { startForeground } from './foreground.mjs'
import { hasDisplay, openInBrowser } from './open-in-browser.mjs'

/** An Electron that ends this soon with a failure never showed a window. */
const neverOpenedMs = 10_000

/**
 * Opens the studio in Electron and waits until it is closed.
 * @param {string[]} args arguments of the studio
 * @returns {Promise<number | null>} exit status, or null where there is no Electron or no screen for it
 */
export async function startInWindow(args) {
  if (!hasDisplay()) return null
  if (process.platform === 'linux' && process.getuid() === 0) return null // its sandbox refuses the superuser
  const electron = await obtainElectron()
  if (electron === null) return null
  const startedAt = Date.now()
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const status = await startForeground(electron, [root, ...args], { env }).ended
  if (status === 0 || status === 130 || Date.now() - startedAt > neverOpenedMs) return status
  console.error(`Electron could not open a window (exit status ${status}); the studio opens in the browser instead.`)
  return null
}

/**
 * Serves the studio to the browser until it is stopped.
 * @param {string[]} args arguments of `camelot serve`
 * @param {boolean} opens whether to open the person's browser
 * @returns {Promise<number>} exit status
 */
export async function startInBrowser(args, opens) {
  const command = [inCheckout('out', 'main', 'cli.cjs'), 'serve', '--json', ...args]
  const { child, ended } = startForeground(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
  readline.createInterface({ input: child.stdout }).once('line', (line) => {
    const { url } = JSON.parse(line)
    console.log(`Camelot Studio is at ${url}`)
    console.log('Ctrl-C closes it; runs in progress are saved first.')
    if (opens && hasDisplay()) openInBrowser(url)
  })
  const status = await ended
  return status === 130 ? 0 : status // Ctrl-C is the ordinary way to close it
}
