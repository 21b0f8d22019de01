/** What a command is, and what it gets to work with. */
import type { Studio } from '../studio'
import type { ExitStatus } from './exit-status'
import type { Interruption } from './interruption'
import type { Given, OptionTable } from './options'
import type { Terminal } from './terminal'

/** Everything a command may touch. The studio opens on first use, so that wrong usage costs nothing. */
export type Session = {
  terminal: Terminal
  interruption: Interruption
  studio(): Promise<Studio>
  /** Relative paths of the person's are read from here. */
  workingFolder: string
  places: Places
}

/** Where the built programs and what comes with them lie. */
export type Places = { engineScript: string; resources: string; renderer: string; home: string; version: string }

export type Command<T extends OptionTable = OptionTable> = {
  name: string
  /** One line, in the imperative. */
  summary: string
  /** More for `--help`, wrapped by its author. */
  details?: readonly string[]
  options: T
  /** Its words are not read: it only says that it comes later. */
  takesAnyWords?: true
  run(given: Given<T>, session: Session): Promise<ExitStatus>
}

/** Binds a command's work to the types of its options, then forgets them: the list of commands holds them all. */
export function defineCommand<T extends OptionTable>(command: Command<T>): Command {
  return command as unknown as Command
}
