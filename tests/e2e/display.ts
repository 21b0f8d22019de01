/** A screen that nobody sees, for tests that open a real window on Linux. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'

export type Display = { name: string; close(): void }

/** Starts Xvfb on a free display. */
export async function openDisplay(): Promise<Display> {
  const args = ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const failed = once(server, 'error').then(([error]) => Promise.reject(error))
  const [number] = await Promise.race([once(server.stdio[3] as Readable, 'data'), failed])
  return { name: `:${String(number).trim()}`, close: () => server.kill() }
}
