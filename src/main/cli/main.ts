/** The command line as a function: words in, exit status out. Finds the command, reads its options, runs it. */
import { resolve } from 'node:path'
import type { Studio } from '../studio'
import type { Command, Places, Session } from './command'
import { commands } from './commands'
import { endingOf } from './errors'
import { type ExitStatus, exitStatus } from './exit-status'
import { everywhereOptions, findCommand, type Request } from './find-command'
import { commandHelp, generalHelp } from './help'
import type { Interruption } from './interruption'
import { parseArguments } from './parse-arguments'
import { type Stream, Terminal } from './terminal'

/** The process as the command line sees it. */
export type Surroundings = {
  output: Stream
  notes: Stream
  environment: NodeJS.ProcessEnv
  workingFolder: string
  interruption: Interruption
  places: Omit<Places, 'home'>
  /** The data folder where neither `--home` nor `CAMELOT_HOME` names one. */
  defaultHome: string
}

export async function main(words: readonly string[], surroundings: Surroundings): Promise<ExitStatus> {
  const { output, notes, environment, interruption } = surroundings
  const plain = new Terminal(false, output, notes, environment)
  try {
    const request = findCommand(commands, words)
    return request.kind === 'run'
      ? await run(request.command, request.words, surroundings)
      : answer(request, plain, surroundings)
  } catch (error) {
    if (interruption.asked) return exitStatus.interrupted
    const { status, sentence } = endingOf(error)
    if (sentence) plain.complain(sentence)
    return status
  }
}

/** What needs no studio: the help and the version. */
function answer(request: Exclude<Request, { kind: 'run' }>, terminal: Terminal, { places }: Surroundings): ExitStatus {
  if (request.kind === 'version') terminal.lines(() => [places.version])
  else terminal.lines(() => (request.command ? commandHelp(request.command) : generalHelp(commands)))
  return exitStatus.done
}

async function run(command: Command, words: readonly string[], surroundings: Surroundings): Promise<ExitStatus> {
  const { output, notes, environment, workingFolder, interruption, defaultHome } = surroundings
  if (command.takesAnyWords) return command.run({}, undefined as never)
  const { home, json, ...given } = parseArguments(
    `camelot ${command.name}`,
    { ...command.options, ...everywhereOptions },
    words,
  )
  const terminal = new Terminal(json, output, notes, environment)
  const places = {
    ...surroundings.places,
    home: resolve(workingFolder, home ?? (environment.CAMELOT_HOME || defaultHome)),
  }
  let studio: Promise<Studio> | undefined
  const session: Session = {
    terminal,
    interruption,
    workingFolder,
    places,
    studio: () => {
      studio ??= import('../studio').then(({ openStudio }) => openStudio({ ...places, electron: null }))
      return studio
    },
  }
  try {
    return await command.run(given, session)
  } finally {
    terminal.endProgress()
    await (await studio?.catch(() => undefined))?.close()
  }
}
