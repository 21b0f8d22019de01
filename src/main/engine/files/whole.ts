/** Files and folders that appear whole or not at all: written beside their place under another name, then renamed. */
import { randomUUID } from 'node:crypto'
import { access, constants, type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { EngineError } from '../protocol'
import { reasonOf } from './json'
import { makeLevels } from './levels'

/** A name beside `path`, hidden and unique, for what is not whole yet. Carries the writer's process id. */
export const temporaryName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`)

/** A file that is being written under a temporary name. */
export type UnfinishedFile = {
  handle: FileHandle
  /** Flushes it and gives it its name. @throws EngineError `disk`, with nothing left */
  finish(): Promise<void>
  /** Removes it, unless it was finished. */
  discard(): Promise<void>
}

/** @throws EngineError `disk` */
export async function openWhole(file: string): Promise<UnfinishedFile> {
  const temporary = temporaryName(file)
  const handle = await open(temporary, 'wx').catch((error) => {
    throw asDiskError(error, file)
  })
  let finished = false
  const drop = async () => {
    await handle.close().catch(() => undefined)
    await discard(temporary)
  }
  return {
    handle,
    async finish() {
      try {
        await handle.sync()
        await handle.close()
        await rename(temporary, file)
        finished = true
      } catch (error) {
        await drop()
        throw asDiskError(error, file)
      }
      await flushFolder(dirname(file))
    },
    discard: () => (finished ? Promise.resolve() : drop()),
  }
}

/**
 * Writes a file through `write`, flushes it and gives it its name. When `write` throws, nothing is left.
 * @throws EngineError `disk` when the file cannot be written.
 */
async function writeWhole(file: string, write: (handle: FileHandle) => Promise<void>): Promise<void> {
  const unfinished = await openWhole(file)
  try {
    await write(unfinished.handle)
    await unfinished.finish()
  } catch (error) {
    throw asDiskError(error, file)
  } finally {
    await unfinished.discard()
  }
}

/** Writes a text file whole. */
export const writeTextWhole = (file: string, text: string): Promise<void> =>
  writeWhole(file, async (handle) => {
    await handle.writeFile(text, 'utf8')
  })

/** Removes what did not become whole. That it cannot be removed must not hide why. */
export const discard = (path: string): Promise<void> =>
  rm(path, { recursive: true, force: true }).catch(() => undefined)

/** Makes a folder's entries survive a power cut, on systems that can. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  if (!handle) return
  await handle.sync().catch(() => undefined)
  await handle.close()
}

/** Makes the folder and those above it. @throws EngineError `disk` */
export async function makeFolder(folder: string): Promise<void> {
  try {
    makeLevels(folder)
  } catch (error) {
    throw asDiskError(error, folder)
  }
}

/** Makes the folder, and finds out now whether files can be written there. @throws EngineError `disk` */
export async function makeWritableFolder(folder: string): Promise<void> {
  await makeFolder(folder)
  await access(folder, constants.W_OK).catch((error) => {
    throw asDiskError(error, folder)
  })
}

const diskReasons: Record<string, string> = {
  ENOSPC: 'the disk is full. Free some space, or choose a folder on another disk',
  EDQUOT: 'your disk quota is used up. Free some space, or choose another folder',
  EACCES: 'you have no permission to write there. Choose another folder, or change its permissions',
  EPERM: 'you have no permission to write there. Choose another folder, or change its permissions',
  EROFS: 'that disk is read-only. Choose a folder on another disk',
  ENOTDIR: 'a part of that path is a file and not a folder. Choose another folder',
  EEXIST: 'a file of that name is in the way. Choose another folder',
  ENOENT: 'it cannot be made there. Choose another folder', // what Node says of a new folder on a read-only disk
  EISDIR: 'a folder of that name is in the way. Choose another name',
}

/** A file system's failure as a sentence; an EngineError and an abort pass as they are. */
export function asDiskError(error: unknown, path: string): unknown {
  if (error instanceof EngineError) return error
  const code = (error as NodeJS.ErrnoException)?.code
  if (typeof code !== 'string' || !('syscall' in (error as object))) return error
  return new EngineError('disk', `Cannot write ${path}: ${diskReasons[code] ?? reasonOf(error)}.`)
}
