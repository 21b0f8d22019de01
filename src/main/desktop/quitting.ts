/**
 * Quits in order: the windows close at once, the studio saves what runs, then the application ends. Asking a second
 * time does not wait.
 */
import { app, BrowserWindow } from 'electron'
import type { Studio } from '../studio'

let isQuitting = false

export const quitIsAsked = (): boolean => isQuitting

export function quitInOrder(studio: Studio): void {
  app.on('before-quit', (event) => {
    event.preventDefault()
    if (isQuitting) {
      app.exit(1)
      return
    }
    isQuitting = true
    for (const window of BrowserWindow.getAllWindows()) window.close()
    void end(studio)
  })
}

/** Ends by `exit`: a quit that was once put off is not taken up again where a signal asked for it. */
async function end(studio: Studio) {
  try {
    await studio.close()
    app.exit(0)
  } catch (error) {
    console.error(`The studio did not close in order: ${(error as Error).message}`)
    app.exit(1)
  }
}
