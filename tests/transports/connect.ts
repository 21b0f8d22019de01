/** The two ways by which a window reaches the studio, both real: a message port and a WebSocket. */
import { MessageChannel } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { RPCHandler } from '@orpc/server/message-port'
import { WebSocket } from 'ws'
import { type RunningServer, startServer } from '../../src/main/server'
import type { Studio } from '../../src/main/studio'
import type { StudioContract } from '../../src/shared/contract'

export type Client = ContractRouterClient<StudioContract>
export type Connection = { client: Client /** As when a window is gone. */; drop(): void; end(): Promise<void> }

export const transports: Record<string, (studio: Studio) => Promise<Connection>> = {
  'message port': overPort,
  WebSocket: overSocket,
}

async function overPort(studio: Studio): Promise<Connection> {
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(studio.router).upgrade(port1)
  port1.start()
  port2.start()
  const client: Client = createORPCClient(new PortLink({ port: port2 }))
  return { client, drop: () => port2.close(), end: async () => port2.close() }
}

async function overSocket(studio: Studio): Promise<Connection> {
  const server = await startServer(studio, { rendererDir: '/nowhere' })
  const socket = await openSocket(server, await signIn(server))
  const client: Client = createORPCClient(new SocketLink({ websocket: socket as unknown as globalThis.WebSocket }))
  return { client, drop: () => socket.terminate(), end: () => server.close() }
}

/** The cookie for which the server exchanges the token in its address. */
export async function signIn(server: RunningServer): Promise<string> {
  const response = await fetch(server.url, { redirect: 'manual' })
  return response.headers.get('set-cookie')!.split(';')[0]!
}

export async function openSocket(server: RunningServer, cookie: string): Promise<WebSocket> {
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/rpc`, {
    headers: { cookie, origin: server.origin },
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return socket
}
