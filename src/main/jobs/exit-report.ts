/** Why an engine's process went away, in sentences. */
import { saysOutOfMemory } from '../engine/protocol'

export type Exit = {
  code: number | null
  signal: NodeJS.Signals | null
  /** The end of what the process wrote to its outputs. */
  output: string
  /** Processes that the system killed for want of memory while this one ran. */
  memoryKills: number
}

/** The process of a job is gone. `what` is the sentence without its full stop, so that a place can be added. */
export class EngineDeath extends Error {
  constructor(
    readonly code: 'out_of_memory' | 'killed' | 'crashed',
    readonly what: string,
    readonly advice = '',
  ) {
    super(`${what}. ${advice}`.trim())
    this.name = 'EngineDeath'
  }
}

const lessMemory = 'Try a smaller batch size or max length, or close other programs.'

export function deathOf({ code, signal, output, memoryKills }: Exit): EngineDeath {
  if (saysOutOfMemory(output))
    return new EngineDeath('out_of_memory', "The engine's process ran out of memory", lessMemory)
  if (signal === 'SIGKILL' && memoryKills > 0)
    return new EngineDeath('out_of_memory', "The system killed the engine's process because memory ran out", lessMemory)
  if (signal === 'SIGKILL')
    return new EngineDeath(
      'killed',
      "The engine's process was killed (SIGKILL)",
      'If nobody did that, the system did it because memory ran out.',
    )
  const how = signal === null ? `ended by itself (exit code ${code})` : `crashed (${signal})`
  return new EngineDeath('crashed', `The engine's process ${how}`, lastWords(output))
}

/** The last line that says something, without a stack trace's places. */
function lastWords(output: string): string {
  const lines = output.split('\n').map((line) => line.trim())
  const said = lines.filter((line) => line !== '' && !line.startsWith('at ') && !line.startsWith('Node.js v'))
  const error = said.findLast((line) => /error|exception|abort|cannot|fail/i.test(line)) ?? said.at(-1)
  return error ? `It last said: ${error.slice(0, 300)}` : ''
}
