import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWindowState, visibleBounds, writeWindowState } from './window-state'

const laptop = { x: 0, y: 25, width: 1440, height: 875 }
const beside = { x: 1440, y: 0, width: 1920, height: 1080 }

describe('bounds of the window', () => {
  it('are the usual size in the middle of the main screen at first', () => {
    expect(visibleBounds(null, [laptop, beside])).toEqual({ x: 80, y: 62, width: 1280, height: 800 })
  })

  it('are kept where they are visible', () => {
    const kept = { x: 1500, y: 100, width: 1200, height: 700 }
    expect(visibleBounds(kept, [laptop, beside])).toEqual(kept)
  })

  it('move to the main screen when theirs is gone', () => {
    const kept = { x: 3000, y: 100, width: 1200, height: 700 }
    expect(visibleBounds(kept, [laptop])).toEqual({ x: 120, y: 112, width: 1200, height: 700 })
  })

  it('are pushed wholly onto the screen that shows most of them', () => {
    const kept = { x: -300, y: 500, width: 1000, height: 800 }
    expect(visibleBounds(kept, [laptop, beside])).toEqual({ x: 0, y: 100, width: 1000, height: 800 })
  })

  it('shrink to a screen that is smaller than they are', () => {
    const small = { x: 0, y: 0, width: 800, height: 600 }
    expect(visibleBounds({ x: 10, y: 10, width: 5000, height: 5000 }, [small])).toEqual(small)
  })
})

describe('kept state', () => {
  const folder = mkdtempSync(join(tmpdir(), 'window-state-'))
  const file = join(folder, 'desktop', 'window.json')

  it('comes back as it was written, and is nothing where the file is missing or spoilt', () => {
    expect(readWindowState(file)).toBeNull()
    const state = { bounds: laptop, maximized: true }
    writeWindowState(file, state)
    expect(readWindowState(file)).toEqual(state)
    writeFileSync(file, '{"bounds":{"x":"left"}}')
    expect(readWindowState(file)).toBeNull()
    rmSync(folder, { recursive: true })
  })
})
