/** The contract over WebSocket. A socket that answers no ping for a while is taken for dead and its streams end. */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { RPCHandler } from '@orpc/server/ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Studio } from '../studio'
import type { Access } from './access'

const pingMs = 20_000
/** Calls carry texts; files go through `/upload`. */
const largestMessageBytes = 8 * 2 ** 20

export function acceptSockets(server: Server, router: Studio['router'], access: Access): { close(): void } {
  const handler = new RPCHandler(router)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes })
  server.on('upgrade', (request, socket: Duplex, head) => {
    const refusal = refusalOf(request, access)
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    sockets.handleUpgrade(request, socket, head, (connection) => {
      keepAlive(connection)
      void handler.upgrade(connection, { context: {} })
    })
  })
  return {
    close() {
      for (const connection of sockets.clients) connection.terminate()
      sockets.close()
    },
  }
}

function refusalOf(request: IncomingMessage, access: Access): string | null {
  if (!access.hostAllowed(request)) return '421 Misdirected Request'
  if (!access.originGiven(request)) return '403 Forbidden'
  if (!access.signedIn(request)) return '401 Unauthorized'
  return request.url?.split('?')[0] === '/rpc' ? null : '404 Not Found'
}

function keepAlive(connection: WebSocket): void {
  let heard = true
  connection.on('pong', () => {
    heard = true
  })
  connection.on('error', () => connection.terminate())
  const timer = setInterval(() => {
    if (!heard) return connection.terminate()
    heard = false
    connection.ping()
  }, pingMs)
  connection.on('close', () => clearInterval(timer))
}
