/** The events of a `camelot` command, as it prints them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { TrainEvent } from '../src/shared/contract'
import { repository } from './repository'

/** @throws Error with what the command said, when it fails. */
export async function* camelotEvents(args: readonly string[]): AsyncGenerator<TrainEvent> {
  const child = spawn(process.execPath, [join(repository, 'scripts/camelot.mjs'), ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) yield TrainEvent.parse(JSON.parse(line))
  const [status] = await closed
  if (status !== 0) throw new Error(`camelot ${args[0]} ended with ${status}: ${said.trim()}`)
}
