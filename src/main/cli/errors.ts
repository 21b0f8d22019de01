/** Turns whatever a command threw into its exit status and the one sentence to say. */
import { ORPCError } from '@orpc/client'
import { EngineError } from '../engine/protocol'
import { type ExitStatus, exitStatus, Interrupted, UsageError } from './exit-status'
import { withFlags } from './training-options'

export type Ending = { status: ExitStatus; sentence: string | null }

export function endingOf(error: unknown): Ending {
  if (error instanceof Interrupted) return { status: exitStatus.interrupted, sentence: error.message || null }
  const sentence = oneLine(error instanceof Error ? error.message : String(error))
  if (error instanceof UsageError) return { status: exitStatus.usage, sentence }
  if (saysBadArgument(error)) return { status: exitStatus.usage, sentence: withFlags(sentence) }
  return { status: exitStatus.failed, sentence }
}

/** Contradictions are found where the model and the data are known, not where the words are read. */
function saysBadArgument(error: unknown): boolean {
  if (error instanceof ORPCError) return error.code === 'INVALID_ARGUMENT'
  return error instanceof EngineError && error.code === 'bad_arguments'
}

const oneLine = (text: string) => text.trim().replace(/\s*\n\s*/g, ' ') || 'Something failed without saying why.'
