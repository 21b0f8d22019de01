/**
 * Quits in order: the windows disappear at once, the studio saves what runs, then the application ends. Asking a
 * second time does not wait.
 */
import { app, BrowserWindow } from 'electron'
import type { Studio } from '../studio'

let isQuitting = false

export const quitIsAsked = (): boolean => isQuitting

export function quitInOrder(studio: Studio): void {
  let isClosed = false
  app.on('before-quit', (event) => {
    if (isClosed) return
    event.preventDefault()
    if (isQuitting) return app.exit(1)
    isQuitting = true
    for (const window of BrowserWindow.getAllWindows()) window.hide()
    studio
      .close()
      .catch((error: Error) => console.error(`The studio did not close in order: ${error.message}`))
      .finally(() => {
        isClosed = true
        app.quit()
      })
  })
}
