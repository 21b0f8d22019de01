/** The window's own files. Names with a content hash may be kept for good; the page itself is asked for each time. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, resolve, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { refuse } from './replies'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** Sends the file of that path; a path without an extension is a place in the window, whose page is sent. */
export async function sendFile(folder: string, path: string, request: IncomingMessage, response: ServerResponse) {
  const file = fileOf(folder, path)
  const found = file === null ? null : await stat(file).catch(() => null)
  const type = file === null ? undefined : types[extname(file).toLowerCase()]
  if (file === null || !found?.isFile() || !type) return refuse(response, 404, 'There is no such file.')
  response.writeHead(200, {
    'content-type': type,
    'content-length': found.size,
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  })
  if (request.method === 'HEAD') return void response.end()
  await pipeline(createReadStream(file), response).catch(() => response.destroy())
}

/** The file inside the folder, or null for a path that is malformed or leads out of it. */
function fileOf(folder: string, path: string): string | null {
  const root = resolve(folder)
  let name: string
  try {
    name = decodeURIComponent(path)
  } catch {
    return null
  }
  if (name.includes('\0') || name.includes('\\') || name.split('/').includes('..')) return null
  const file = join(root, extname(name) === '' ? 'index.html' : name)
  return file.startsWith(root + sep) ? file : null
}
