/** Who may speak to the main process: the top frame of the studio's own page, and nobody else. */
import type { IpcMainEvent, IpcMainInvokeEvent } from 'electron'
import { isOwnAddress } from './origin'

export function isOwnPage({ senderFrame }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>): boolean {
  return senderFrame != null && senderFrame.parent === null && isOwnAddress(senderFrame.url)
}
