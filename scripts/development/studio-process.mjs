/** The built studio as a process that can be started again on the same port. */
import readline from 'node:readline'
import { inCheckout } from '../preparation/checkout.mjs'
import { startForeground } from '../preparation/foreground.mjs'

/**
 * @param {string[]} args more arguments of `camelot serve`
 * @returns the process: its address with the first token, its origin, the cookie that its present token gives
 */
export async function startStudio(args) {
  let { url, stop } = await launch(['--port', '0', ...args])
  const first = new URL(url)
  const studio = {
    origin: first.origin,
    token: first.search,
    firstCookie: await cookieOf(url),
    cookie: '',
    async restart() {
      await stop()
      ;({ url, stop } = await launch(['--port', first.port, ...args]))
      studio.cookie = await cookieOf(url)
    },
    stop: () => stop(),
  }
  studio.cookie = studio.firstCookie
  return studio
}

async function launch(args) {
  const command = [inCheckout('out', 'main', 'cli.cjs'), 'serve', '--json', ...args]
  const { child, ended } = startForeground(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] })
  const firstLine = new Promise((resolve) => readline.createInterface({ input: child.stdout }).once('line', resolve))
  const early = ended.then((status) => Promise.reject(new Error(`The studio ended with exit status ${status}.`)))
  const { url } = JSON.parse(await Promise.race([firstLine, early]))
  early.catch(() => {})
  const stop = () => {
    child.kill('SIGTERM')
    return ended
  }
  return { url, stop }
}

/** What the browser would be given for the token in the address. */
async function cookieOf(url) {
  const answer = await fetch(url, { redirect: 'manual' })
  return answer.headers.getSetCookie()[0].split(';')[0]
}
