/**
 * Makes a folder and those above it, one level at a time. Node's own recursive `mkdir` never ends where a system says of
 * a missing folder that it cannot be there at all, as Linux does under `/proc`.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** @throws the file system's error for the level that cannot be made */
export function makeLevels(folder: string): void {
  if (isFolder(folder)) return
  const above = dirname(folder)
  if (!existsSync(above) && above !== folder) makeLevels(above)
  try {
    mkdirSync(folder)
  } catch (error) {
    if (!isFolder(folder)) throw error // another process may have made it in between
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
