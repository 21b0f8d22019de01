/** The built browser host as a process of its own, on a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

export const root = resolve(import.meta.dirname, '../..')

export type Host = { url: string; origin: string; stop(): Promise<number | null> }

/** Starts `camelot serve` and waits for its address. */
export async function startHost(home: string): Promise<Host> {
  const args = [resolve(root, 'out/main/cli.cjs'), 'serve', '--json', '--home', home]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const { url } = JSON.parse(await firstLine(child)) as { url: string }
  return { url, origin: new URL(url).origin, stop: () => ended(child, 'SIGINT') }
}

/** The first line of a process's standard output. @throws when it ends without one. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((found, missing) => {
    createInterface({ input: child.stdout! }).once('line', found)
    child.once('exit', (status) => missing(new Error(`The process ended with exit status ${status} and said nothing.`)))
  })
}

/** Signals a process and waits for its exit status. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  child.kill(signal)
  const [status] = await once(child, 'exit')
  return status
}
