// Runs the product's own command line from the rebuild, as a person would.
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const entry = join(import.meta.dirname, '..', 'camelot.mjs')

/** Where the rebuild keeps its catalogue, apart from the person's own. */
export interface Command {
  readonly home: string
}

function start({ home }: Command, words: readonly string[]) {
  return spawn(process.execPath, [entry, ...words, '--home', home, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] })
}

const ended = (child: ReturnType<typeof start>) =>
  new Promise<number>((resolve, reject) =>
    child.once('error', reject).once('close', (status) => resolve(status ?? 130)),
  )

/** Runs a command and gives the last JSON object that it printed. @throws Error with the exit status when it fails. */
export async function camelot(command: Command, words: readonly string[]): Promise<unknown> {
  const child = start(command, words)
  const [output, status] = await Promise.all([text(child.stdout), ended(child)])
  if (status !== 0) throw new Error(`camelot ${words[0]}: ended with status ${status}; the line above says why`)
  return JSON.parse(output.trim().split('\n').at(-1) ?? 'null')
}

/** Runs a command and appends what it prints to a log. @returns the exit status; 130 means interrupted, with the work kept. */
export async function camelotLogged(command: Command, words: readonly string[], log: string): Promise<number> {
  const child = start(command, words)
  child.stdout.pipe(createWriteStream(log, { flags: 'a' }))
  process.on('SIGINT', () => undefined) // The child has the signal too, saves its work and ends; this process outlives it.
  return ended(child)
}
