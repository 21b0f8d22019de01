/**
 * How the window reaches the studio. In Electron: a message port that the preload script hands to the main process.
 * In a browser: a WebSocket that is opened again, at growing intervals, for as long as the window is open.
 */
import type { ClientContext, ClientLink } from '@orpc/client'
import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import { createStore, type Store } from './store'

export type ConnectionStatus = 'connecting' | 'open' | 'lost'
export type StudioLink = ClientLink<ClientContext>

export type Connection = {
  status: Store<ConnectionStatus>
  /** Resolves with a link that is open now; waits while there is none. */
  ready(): Promise<StudioLink>
  /** Calls back each time the connection is there again after it was lost. */
  onReopened(listener: () => void): () => void
}

/** The port that Electron's preload script forwards. It lives as long as the window. */
export function desktopConnection(): Connection {
  const { port1, port2 } = new MessageChannel()
  const link = new MessagePortLink({ port: port1 })
  port1.start()
  window.postMessage('camelot:connect', window.location.origin, [port2])
  return { status: createStore<ConnectionStatus>('open'), ready: async () => link, onReopened: () => () => {} }
}

/** Waiting times before the next attempt, in milliseconds; the last one repeats. */
const patience = [250, 500, 1000, 2000, 4000]

/** A WebSocket that comes back by itself. `open` makes one attempt. */
export function browserConnection(open: () => WebSocket = openSocket): Connection {
  const status = createStore<ConnectionStatus>('connecting')
  const listeners = new Set<() => void>()
  let attempt = 0
  let current = next()

  function next(): Promise<StudioLink> {
    const socket = open()
    const link = new WebSocketLink({ websocket: socket })
    return new Promise((resolve) => {
      socket.addEventListener('open', () => {
        const again = attempt > 0 || status.get() === 'lost'
        attempt = 0
        status.set('open')
        resolve(link)
        if (again) for (const listener of [...listeners]) listener()
      })
      socket.addEventListener('close', () => {
        if (status.get() === 'open') current = retry()
        else resolve(retry())
      })
    })
  }

  function retry(): Promise<StudioLink> {
    status.set('lost')
    const wait = patience[Math.min(attempt, patience.length - 1)]
    attempt += 1
    return new Promise((resolve) => setTimeout(() => resolve(next()), wait))
  }

  return {
    status,
    ready: () => current,
    onReopened(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function openSocket(): WebSocket {
  const { protocol, host } = window.location
  return new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/rpc`)
}
