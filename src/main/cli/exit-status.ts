/** How a command ends, as `docs/command-line.md` promises it to scripts. */

export const exitStatus = {
  done: 0,
  /** The job failed; one sentence on standard error says what, where and what to do. */
  failed: 1,
  /** The words of the command are wrong: an unknown flag, a value out of range, arguments that contradict each other. */
  usage: 2,
  /** Interrupted, with the work so far kept. */
  interrupted: 130,
} as const
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus]

/** The command as written cannot be meant. Ends with status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The command was right, the world was not: a missing file, an unknown model, a failed job. Ends with status 1. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** The person interrupted the command. Ends with status 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
}
