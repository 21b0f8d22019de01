/** The studio's one window: sandboxed, isolated, where it was the last time. */
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { origin } from './origin'
import { readWindowState, smallest, visibleBounds, writeWindowState } from './window-state'

export type WindowFiles = {
  preload: string
  /** Where the window's place is kept. */
  state: string
}

export function openWindow({ preload, state }: WindowFiles): BrowserWindow {
  const kept = readWindowState(state)
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id)
  const window = new BrowserWindow({
    ...visibleBounds(
      kept?.bounds ?? null,
      [main, ...others].map((display) => display.workArea),
    ),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Camelot Studio',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#141517' : '#ffffff',
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  })
  window.once('ready-to-show', () => {
    if (kept?.maximized) window.maximize()
    window.show()
  })
  window.on('close', () => keepState(window, state))
  window.loadURL(`${origin}/`).catch((error) => console.error(`The window's page did not load: ${error.message}`))
  return window
}

/** A place that cannot be written is not worth a word: the window opens in the usual one. */
function keepState(window: BrowserWindow, file: string) {
  try {
    writeWindowState(file, { bounds: window.getNormalBounds(), maximized: window.isMaximized() })
  } catch (error) {
    console.error(`The window's place was not kept: ${(error as Error).message}`)
  }
}
