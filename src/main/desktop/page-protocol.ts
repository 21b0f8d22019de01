/** Serves the built renderer to the window as `app://studio/…`, under the same policy as the browser host. */
import { readFile } from 'node:fs/promises'
import { protocol, session } from 'electron'
import { pageHeaders } from '../server/replies'
import { origin, scheme } from './origin'
import { pageFile } from './page-files'

/** Must be called before the application is ready. `standard` gives the page an origin, `secure` modern interfaces. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

export function servePage(rendererDir: string): void {
  session.defaultSession.protocol.handle(scheme, async ({ method, url }) => {
    const file = method === 'GET' ? pageFile(rendererDir, url) : null
    if (file === null) return refusal()
    try {
      return new Response(await readFile(file.path), {
        headers: { ...pageHeaders(origin), 'content-type': file.contentType },
      })
    } catch {
      return refusal()
    }
  })
}

const refusal = () => new Response('There is no such page.', { status: 404, headers: { 'content-type': 'text/plain' } })
