/** `GET /exports/<id>.zip`: the export's folder as one archive, streamed as it is read (ZIP64 beyond 4 GiB). */
import { readdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, relative, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { exportName } from '../../shared/file-names'
import { StudioFailure } from '../library/failure'
import type { Studio } from '../studio'
import { refuse } from './replies'

export async function sendExport({ exports }: Studio, id: string, request: IncomingMessage, response: ServerResponse) {
  let entry: ReturnType<typeof exports.get>
  try {
    entry = exports.get(id)
  } catch (failure) {
    if (failure instanceof StudioFailure) return refuse(response, 404, failure.message)
    throw failure
  }
  if (!entry.downloadable) return refuse(response, 404, `This export is not here but in ${entry.folder}.`)
  const name = exportName(entry.sourceName, entry.format)
  const archive = new ZipFile()
  for (const file of await filesIn(entry.folder))
    archive.addFile(file, `${name}/${relative(entry.folder, file).split(sep).join('/')}`, { compress: false })
  const size = await sizeOf(archive)
  response.writeHead(200, {
    'content-type': 'application/zip',
    'content-length': size,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}.zip`,
    'cache-control': 'no-store',
  })
  if (request.method === 'HEAD') return void response.end()
  await pipeline(archive.outputStream as Readable, response).catch(() => response.destroy())
}

/** Weights hardly shrink, so that nothing is compressed and the size is known beforehand. */
const sizeOf = (archive: ZipFile): Promise<number> =>
  new Promise((resolve, reject) => {
    archive.once('error', reject)
    // The published types forget the callback's argument.
    const sized = resolve as () => void
    archive.end({ forceZip64Format: false, comment: '' }, sized)
  })

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
