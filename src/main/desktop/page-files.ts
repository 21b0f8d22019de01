/** Which file of the built renderer answers an address of the window. */
import { extname, join, normalize, sep } from 'node:path'
import { isOwnAddress } from './origin'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

export type PageFile = { path: string; contentType: string }

/**
 * The file under `rendererDir` for an address, or null where there can be none: a foreign host, a path that leads out
 * of the folder or cannot be decoded, or a kind of file that the renderer does not have. A path without an ending is
 * a place of the window, and is answered by the page itself.
 */
export function pageFile(rendererDir: string, address: string): PageFile | null {
  if (!isOwnAddress(address)) return null
  const path = decodedPath(new URL(address).pathname)
  if (path === null) return null
  const ending = extname(path)
  if (ending === '') return { path: join(rendererDir, 'index.html'), contentType: contentTypes['.html']! }
  const contentType = contentTypes[ending]
  const file = normalize(join(rendererDir, path))
  if (contentType === undefined || !file.startsWith(normalize(rendererDir) + sep)) return null
  return { path: file, contentType }
}

function decodedPath(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname)
    return /[\0\\]/.test(path) ? null : path
  } catch {
    return null
  }
}
