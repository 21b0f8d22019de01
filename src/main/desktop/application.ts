/** The application's life: one instance, one studio, one window, and an end in order. */
import { join, resolve } from 'node:path'
import { app, BrowserWindow, dialog } from 'electron'
import { version } from '../../../package.json'
import { openStudio, type Studio } from '../studio'
import { defaultHome } from '../studio/default-home'
import { askBeforeClosing, endWithLastWindow } from './closing'
import { confinePages } from './confinement'
import { serveWindows } from './connection'
import { answerDialogs } from './dialogs'
import { setMenu } from './menu'
import { declareScheme, servePage } from './page-protocol'
import { engineScript, homeArgument, preload, rendererDir, resources } from './places'
import { quitInOrder } from './quitting'
import { openWindow } from './window'

export function runApplication(): void {
  const home = resolve(
    homeArgument(process.argv) ?? (process.env.CAMELOT_HOME || defaultHome(process.platform, process.env)),
  )
  app.setPath('userData', join(home, 'desktop')) // the browser engine's own files; also makes one instance for each home
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  declareScheme()
  app
    .whenReady()
    .then(() => open(home))
    .catch((error: Error) => {
      dialog.showErrorBox('Camelot Studio could not open', error.message)
      app.exit(1)
    })
}

async function open(home: string) {
  confinePages()
  servePage(rendererDir)
  setMenu(home)
  answerDialogs()
  const studio = await openStudio({
    home,
    engineScript,
    resources,
    version,
    electron: process.versions.electron ?? null,
  })
  quitInOrder(studio)
  endWithLastWindow(studio)
  serveWindows(studio)
  const show = () => showWindow(studio, home)
  app.on('second-instance', show)
  app.on('activate', show)
  show()
}

function showWindow(studio: Studio, home: string) {
  const [existing] = BrowserWindow.getAllWindows()
  if (existing === undefined) {
    const window = openWindow({ preload, state: join(home, 'desktop', 'window.json') })
    askBeforeClosing(window, studio)
    return
  }
  if (existing.isMinimized()) existing.restore()
  existing.show()
  existing.focus()
}
