/**
 * What closing the last window means. With nothing running it ends the application (but on macOS, where
 * applications outlive their windows). With a run in progress the person is asked; a run that goes on without a
 * window ends the application when it is through.
 */
import { app, BrowserWindow, dialog } from 'electron'
import type { Studio } from '../studio'
import { quitIsAsked } from './quitting'

const active = new Set(['queued', 'running', 'paused'])
const choices = ['Keep training', 'Save and quit', 'Cancel'] as const

/** Ends the application with its last window, unless the person let a run go on. */
export function endWithLastWindow(studio: Studio): void {
  app.on('window-all-closed', () => {
    if (process.platform === 'darwin' || quitIsAsked()) return
    quitWhenIdle(studio).catch((error: Error) => {
      console.error(error)
      app.quit()
    })
  })
}

/** Asks before the window of a studio with a run in progress closes. */
export function askBeforeClosing(window: BrowserWindow, studio: Studio): void {
  let isDecided = process.platform === 'darwin'
  window.on('close', (event) => {
    if (isDecided || quitIsAsked()) return
    event.preventDefault()
    void decide(window, studio).then((closes) => {
      isDecided = closes
      if (closes) window.close()
    })
  })
}

async function decide(window: BrowserWindow, studio: Studio): Promise<boolean> {
  if (!(await isTraining(studio).catch(() => false))) return true
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'A run is in progress.',
    detail:
      'It can go on without the window; start Camelot Studio again to see it. Or it is saved now, to be resumed later.',
    buttons: [...choices],
    defaultId: 0,
    cancelId: 2,
  })
  if (choices[response] === 'Save and quit') app.quit()
  return choices[response] === 'Keep training'
}

const isTraining = async (studio: Studio) =>
  (await studio.client.runs.list({})).some(({ status }) => active.has(status))

/** Waits for the runs, or for a new window, whichever comes first. */
async function quitWhenIdle(studio: Studio) {
  const isNeeded = async () => BrowserWindow.getAllWindows().length === 0 && (await isTraining(studio))
  if (await isNeeded())
    for await (const _change of await studio.client.system.changes({})) if (!(await isNeeded())) break
  if (BrowserWindow.getAllWindows().length === 0) app.quit()
}
