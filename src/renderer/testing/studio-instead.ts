/** For tests: a router of the contract's shape in the studio's place, over a real message channel. */
import { RPCLink } from '@orpc/client/message-port'
import type { AnyRouter } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { replaceConnection } from '../lib/client'
import type { ConnectionStatus } from '../lib/connection'
import { createStore } from '../lib/store'

/** @returns the way to close the channel. */
export function serveInstead(router: AnyRouter): () => void {
  const { port1, port2 } = new MessageChannel()
  new RPCHandler(router).upgrade(port1)
  port1.start()
  const link = new RPCLink({ port: port2 })
  port2.start()
  replaceConnection({
    status: createStore<ConnectionStatus>('open'),
    ready: async () => link,
    onReopened: () => () => {},
  })
  return () => {
    port1.close()
    port2.close()
  }
}
