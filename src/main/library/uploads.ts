/**
 * Files that come from a browser: streamed to the home's `uploads` folder under their relative names, claimed by an
 * import, and gone with the studio. A file has its name only when it is whole.
 */
import { createWriteStream } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileSource } from '../../shared/contract'
import { bytes } from '../../shared/sizes'
import { makeLevels } from '../engine/files/levels'
import { notFound, unreadable } from './failure'
import { type Home, newId } from './home'

export type Uploads = ReturnType<typeof openUploads>

/** An upload that is too large. */
export class TooLarge extends Error {
  constructor(readonly limitBytes: number) {
    super(
      `The file is larger than the ${bytes(limitBytes)} that one upload may have. Start the studio on the machine that has the file and give its path instead.`,
    )
    this.name = 'TooLarge'
  }
}

/** A relative name that cannot be used. */
export class BadName extends Error {
  constructor(name: string) {
    super(
      `The name ${JSON.stringify(name.slice(0, 200))} cannot be used for an upload: give a relative path without "..".`,
    )
    this.name = 'BadName'
  }
}

const largestUploadBytes = 16e9

export function openUploads(home: Home, limitBytes = largestUploadBytes) {
  const mine = new Set<string>()

  return {
    limitBytes,

    /**
     * Stores one file; `group` joins it to an earlier upload, as the files of a folder are.
     * @throws TooLarge, BadName, StudioFailure NOT_FOUND for an unknown group; nothing is left of the file then.
     */
    async receive(content: Readable, name: string, group: string | null): Promise<string> {
      if (group !== null && !mine.has(group)) throw notFound('upload', group)
      const relative = safeRelativePath(name)
      const id = group ?? newId('upload')
      const target = join(home.uploads, id, relative)
      const part = join(home.uploads, newId('part'))
      try {
        await pipeline(content, limited(limitBytes), createWriteStream(part, { flags: 'wx' }))
        makeLevels(dirname(target))
        await rename(part, target)
      } catch (failure) {
        await rm(part, { force: true })
        throw failure
      }
      mine.add(id)
      return id
    },

    /** Where the source lies and what it is called: an upload of one file or folder is that file or folder. */
    async locate(source: FileSource): Promise<{ path: string; name: string }> {
      if (source.kind === 'path') return { path: source.path, name: basename(source.path) }
      if (!mine.has(source.id)) throw notFound('upload', source.id)
      const names = await readdir(join(home.uploads, source.id))
      if (names.length === 0) throw unreadable(source.id, 'Nothing was uploaded: choose the file again.')
      if (names.length === 1) return { path: join(home.uploads, source.id, names[0]!), name: names[0]! }
      return { path: join(home.uploads, source.id), name: 'upload' }
    },

    /** Deletes what is left of an upload; a path of the person's own is let be. */
    async discard(source: FileSource): Promise<void> {
      if (source.kind === 'path' || !mine.delete(source.id)) return
      await rm(join(home.uploads, source.id), { recursive: true, force: true })
    },

    async close(): Promise<void> {
      for (const id of mine) await rm(join(home.uploads, id), { recursive: true, force: true })
      mine.clear()
    },
  }
}

/** Whether the path is a folder. */
export const isFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false

/** @throws BadName for anything that could leave the upload's folder or that a system could not store. */
function safeRelativePath(name: string): string {
  const parts = name.split(/[/\\]/)
  const wrong = (part: string) =>
    part === '' || part === '.' || part === '..' || Buffer.byteLength(part) > 200 || /[\p{Cc}<>:"|?*]/u.test(part)
  if (parts.length > 16 || parts.some(wrong)) throw new BadName(name)
  return join(...parts)
}

function limited(limitBytes: number): Transform {
  let received = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length
      if (received > limitBytes) done(new TooLarge(limitBytes))
      else done(null, chunk)
    },
  })
}
