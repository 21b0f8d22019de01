/** Where the window was when it was last closed, clamped to the screens there are now. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { makeLevels } from '../engine/files/levels'

const Rectangle = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
})
export type Rectangle = z.infer<typeof Rectangle>

const WindowState = z.object({ bounds: Rectangle, maximized: z.boolean() })
export type WindowState = z.infer<typeof WindowState>

export const smallest = { width: 960, height: 640 }
const usual = { width: 1280, height: 800 }

/** The kept state, or null where there is none or it cannot be read; a window must open in any case. */
export function readWindowState(file: string): WindowState | null {
  try {
    return WindowState.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

export function writeWindowState(file: string, state: WindowState): void {
  makeLevels(dirname(file))
  writeFileSync(`${file}.new`, JSON.stringify(state))
  renameSync(`${file}.new`, file)
}

/**
 * Bounds that lie wholly on one screen: the one that shows most of the kept bounds, or the first where none shows any.
 * @param kept bounds of the last time, or null for the usual size in the middle of the first screen
 * @param screens work areas, the main screen first; at least one
 */
export function visibleBounds(kept: Rectangle | null, screens: readonly Rectangle[]): Rectangle {
  const screen = screens.reduce((best, other) => (shared(kept, other) > shared(kept, best) ? other : best))
  const width = within(kept?.width ?? usual.width, Math.min(smallest.width, screen.width), screen.width)
  const height = within(kept?.height ?? usual.height, Math.min(smallest.height, screen.height), screen.height)
  const place = shared(kept, screen) > 0 ? kept! : centred(width, height, screen)
  return {
    x: within(place.x, screen.x, screen.x + screen.width - width),
    y: within(place.y, screen.y, screen.y + screen.height - height),
    width,
    height,
  }
}

const within = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most))

const centred = (width: number, height: number, screen: Rectangle) => ({
  x: screen.x + Math.floor((screen.width - width) / 2),
  y: screen.y + Math.floor((screen.height - height) / 2),
})

/** Area in pixels that two rectangles share. */
function shared(a: Rectangle | null, b: Rectangle): number {
  if (a === null) return 0
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return Math.max(0, width) * Math.max(0, height)
}
