/** Carries the studio's contract over the message port that each page brings along. */
import { RPCHandler } from '@orpc/server/message-port'
import { ipcMain } from 'electron'
import { connectMessage } from '../../shared/contract/desktop'
import type { Studio } from '../studio'
import { isOwnPage } from './sender'

export function serveWindows(studio: Studio): void {
  const handler = new RPCHandler(studio.router)
  ipcMain.on(connectMessage, (event) => {
    const [port] = event.ports
    if (port === undefined || !isOwnPage(event)) return
    handler.upgrade(port, { context: {} })
    port.start()
  })
}
