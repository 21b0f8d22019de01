/** Turns whatever a command threw into its exit status and the one sentence to say. */
import { ORPCError } from '@orpc/client'
import { EngineError } from '../engine/protocol'
import { type ExitStatus, exitStatus, Interrupted, UsageError } from './exit-status'
import { withFlags } from './training-options'

export type Ending = { status: ExitStatus; sentence: string | null }

export function endingOf(error: unknown): Ending {
  if (error instanceof Interrupted) return { status: exitStatus.interrupted, sentence: null }
  const sentence = oneLine(systemSentence(error) ?? (error instanceof Error ? error.message : String(error)))
  if (error instanceof UsageError) return { status: exitStatus.usage, sentence }
  if (saysBadArgument(error)) return { status: exitStatus.usage, sentence: withFlags(sentence) }
  return { status: exitStatus.failed, sentence }
}

/** Contradictions are found where the model and the data are known, not where the words are read. */
function saysBadArgument(error: unknown): boolean {
  if (error instanceof ORPCError) return error.code === 'INVALID_ARGUMENT'
  return error instanceof EngineError && error.code === 'bad_arguments'
}

const systemReasons: Record<string, string> = {
  ENOSPC: 'the disk is full; free some space and try again',
  EDQUOT: 'your disk quota is used up; free some space and try again',
  EACCES: 'there is no permission; choose another place, or change its permissions',
  EPERM: 'there is no permission; choose another place, or change its permissions',
  EROFS: 'the disk is read-only; choose another place',
  ENOTDIR: 'a part of that path is a file and not a folder; choose another path',
  EEXIST: 'something else is there already; choose another path',
  ENOENT: 'it does not exist; check the path',
  EIO: 'the disk reports an error; check the disk, or choose another place',
  EMFILE: 'too many files are open; close some programs and try again',
}

/** Why the operating system refused something, in words. */
export const systemReason = ({ code, message }: NodeJS.ErrnoException) => systemReasons[String(code)] ?? message

/** A sentence where the error is the operating system's own and names a path. */
function systemSentence(error: unknown): string | null {
  if (!(error instanceof Error) || !('syscall' in error)) return null
  const failure = error as NodeJS.ErrnoException
  return failure.path === undefined ? null : `${failure.path} cannot be used: ${systemReason(failure)}.`
}

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ') || 'Something failed without saying why.'
