/**
 * The browser host: the studio over HTTP and WebSocket, for this machine alone unless the person says otherwise.
 * `GET /?token=…` gives the cookie, `/rpc` the contract, `POST /upload` takes files, `GET /exports/<id>.zip` hands them
 * out, and everything else is the window's own files.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Studio } from '../studio'
import { type Access, createAccess, isLoopback } from './access'
import { sendExport } from './download'
import { pageHeaders, refuse } from './replies'
import { acceptSockets } from './sockets'
import { sendFile } from './static-files'
import { receiveUpload } from './upload'

type ServerOptions = {
  /** Address to listen on; anything but loopback lets other machines in. */
  host?: string
  /** 0 takes a free one. */
  port?: number
  /** Folder of the window's built files. */
  rendererDir: string
  /** The secret in the address; drawn at random if not given. */
  token?: string
}

export type RunningServer = {
  /** The address to open, with its token. */
  url: string
  origin: string
  /** A sentence where other machines can reach the studio. */
  warning: string | null
  close(): Promise<void>
}

/** @throws a sentence where the address cannot be listened on. */
export async function startServer(studio: Studio, options: ServerOptions): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 0 } = options
  // A large file on a slow disk may take its time.
  const server = createServer({ requestTimeout: 0 })
  await listening(server, host, port)
  const access = createAccess(host, (server.address() as AddressInfo).port, options.token)
  server.on('request', (request, response) => {
    answer({ studio, access, rendererDir: options.rendererDir }, request, response).catch((failure) =>
      refuse(response, 500, `The studio cannot answer this: ${failure instanceof Error ? failure.message : failure}`),
    )
  })
  const sockets = acceptSockets(server, studio.router, access)
  return {
    url: `${access.origin}/?token=${access.token}`,
    origin: access.origin,
    warning: isLoopback(host)
      ? null
      : `Listening on ${host}: anyone who can reach this machine and has the address can use the studio, and nothing on the way is encrypted.`,
    async close() {
      sockets.close()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

type Host = { studio: Studio; access: Access; rendererDir: string }

async function answer({ studio, access, rendererDir }: Host, request: IncomingMessage, response: ServerResponse) {
  for (const [name, value] of Object.entries(pageHeaders(access.origin))) response.setHeader(name, value)
  if (!access.hostAllowed(request)) return refuse(response, 421, 'This is not the address the studio listens on.')
  if (!access.originAllowed(request)) return refuse(response, 403, 'Requests from other sites are refused.')
  // A path and nothing else: not another server's address, not one that begins with its name.
  if (!request.url || !/^\/(?!\/)/.test(request.url)) return refuse(response, 400, 'This is not a path of the studio.')
  const url = new URL(request.url, access.origin)
  if (url.pathname === '/' && url.searchParams.has('token'))
    return enter(access, url.searchParams.get('token')!, response)
  if (!access.signedIn(request))
    return refuse(response, 401, 'Open the studio with the address it printed when it started, which carries a token.')
  return route({ studio, access, rendererDir }, url, request, response)
}

/** Exchanges the token in the address for the cookie, and takes it out of the address. */
function enter(access: Access, token: string, response: ServerResponse): void {
  if (!access.tokenIs(token)) {
    refuse(response, 401, 'This address is of an earlier start: open the one the studio printed last.')
    return
  }
  response.writeHead(302, { location: '/', 'set-cookie': access.cookie, 'cache-control': 'no-store' }).end()
}

async function route(
  { studio, access, rendererDir }: Host,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (url.pathname === '/upload') {
    if (request.method !== 'POST') return refuse(response, 405, 'Uploads are sent with POST.')
    if (!access.originGiven(request)) return refuse(response, 403, 'Uploads must come from the studio itself.')
    return receiveUpload(studio, url, request, response)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, `${request.method} is not answered here.`)
  const zip = /^\/exports\/([\w-]+)\.zip$/.exec(url.pathname)
  if (zip) return sendExport(studio, zip[1]!, request, response)
  return sendFile(rendererDir, url.pathname, request, response)
}

function listening(server: ReturnType<typeof createServer>, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (failure: NodeJS.ErrnoException) => {
      const taken = failure.code === 'EADDRINUSE'
      const why = taken ? 'another program uses it; choose another port' : failure.message
      reject(new Error(`Cannot listen on ${host}:${port}: ${why}.`))
    })
    server.listen(port, host, resolve)
  })
}
