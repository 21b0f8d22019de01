/** The contract's typed client, over whichever connection this window has. */
import { createORPCClient, DynamicLink } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { DesktopBridge, StudioContract } from '../../shared/contract'
import { browserConnection, type Connection, desktopConnection } from './connection'

declare global {
  interface Window {
    camelotDesktop?: DesktopBridge
  }
}

export type StudioClient = ContractRouterClient<StudioContract>

/** What Electron's preload script offers; undefined in a browser. */
export const desktop = (): DesktopBridge | undefined => window.camelotDesktop

let opened: Connection | undefined

/** The window's connection; opened at the first use. */
export function connection(): Connection {
  opened ??= desktop() ? desktopConnection() : browserConnection()
  return opened
}

/** Puts another connection in the window's place. For tests. */
export function replaceConnection(other: Connection): void {
  opened = other
}

/** Every call waits until the connection is open. */
export const studio: StudioClient = createORPCClient(new DynamicLink(() => connection().ready()))
