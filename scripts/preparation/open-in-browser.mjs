/** Opens an address in the person's browser. */
import { spawn } from 'node:child_process'

/** Whether there is a screen to open a window on. */
export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

const openers = {
  darwin: (url) => ['open', [url]],
  win32: (url) => ['rundll32', ['url.dll,FileProtocolHandler', url]],
  linux: (url) => ['xdg-open', [url]],
}

/** Does what it can: the address has been printed, so a machine without a browser loses nothing. */
export function openInBrowser(url) {
  const [command, args] = (openers[process.platform] ?? openers.linux)(url)
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
