/** A folder that appears whole: made under another name, then put in its place, where something may have been. */
import { mkdir, rename, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bytes as inUnits } from '../../../shared/sizes'
import { EngineError } from '../protocol'
import { asDiskError, discard, flushFolder, makeFolder, temporaryName } from './whole'

export type UnfinishedFolder = {
  /** Where to write. */
  path: string
  /** Gives the folder its name; what was there goes after. @throws EngineError `disk` */
  finish(): Promise<void>
  /** Removes it, unless it was finished. */
  discard(): Promise<void>
}

/** @throws EngineError `disk` */
export async function openFolder(folder: string): Promise<UnfinishedFolder> {
  const path = temporaryName(folder)
  try {
    await makeFolder(dirname(folder))
    await mkdir(path)
  } catch (error) {
    throw asDiskError(error, folder)
  }
  let finished = false
  return {
    path,
    async finish() {
      await flushFolder(path)
      await exchange(path, folder)
      finished = true
      await flushFolder(dirname(folder))
    },
    discard: () => (finished ? Promise.resolve() : discard(path)),
  }
}

/** What is in the place is put aside first, and comes back when the new folder cannot take it. */
async function exchange(path: string, folder: string): Promise<void> {
  const aside = temporaryName(folder)
  const isTaken = await exists(folder)
  try {
    if (isTaken) await rename(folder, aside)
    await rename(path, folder).catch(async (error) => {
      if (isTaken) await rename(aside, folder)
      throw error
    })
  } catch (error) {
    throw asDiskError(error, folder)
  }
  if (isTaken) await discard(aside)
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Bytes that a disk keeps for what comes with the large files. */
const spareBytes = 16 * 1024 ** 2

/** @throws EngineError `disk` when the disk that `folder` is on has no room for as much. */
export async function checkRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free < bytes + spareBytes)
    throw new EngineError(
      'disk',
      `There is too little room in ${folder}: ${inUnits(bytes)} are needed, ${inUnits(free)} are free. Free some space, or choose a folder on another disk.`,
    )
}
