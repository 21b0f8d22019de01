/**
 * The contract's procedures, ready to be given handlers. Whatever a handler throws, at once or while it streams, leaves
 * here as one of the contract's errors if a person can act on it; anything else is a defect and stays one.
 */
import { implement, ORPCError } from '@orpc/server'
import { ArgumentError, contract } from '../../shared/contract'
import { EngineError } from '../engine/protocol'
import { EngineDeath } from '../jobs/exit-report'
import { jobFailed, StudioFailure } from '../library/failure'

export const procedures = implement(contract).use(async ({ next }) => {
  try {
    const result = await next()
    return isStream(result.output) ? { ...result, output: translated(result.output) } : result
  } catch (failure) {
    throw onTheWire(failure)
  }
})

const isStream = (output: unknown): output is AsyncGenerator<unknown> =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output

async function* translated(events: AsyncGenerator<unknown>): AsyncGenerator<unknown> {
  try {
    yield* events
  } catch (failure) {
    throw onTheWire(failure)
  }
}

/** The failure as an error of the contract. */
function onTheWire(failure: unknown): unknown {
  const known = asStudioFailure(failure)
  if (!known) return failure
  const { code, message, data } = known
  return new ORPCError(code, { message, data, cause: failure })
}

function asStudioFailure(failure: unknown): StudioFailure | null {
  if (failure instanceof StudioFailure) return failure
  if (failure instanceof EngineError || failure instanceof EngineDeath) return jobFailed(failure.code, failure.message)
  if (failure instanceof ArgumentError)
    return new StudioFailure('INVALID_ARGUMENT', failure.message, { argument: failure.argument })
  const reason = diskReason(failure)
  return reason ? jobFailed('disk', reason) : null
}

const diskReasons: Record<string, string> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'your disk quota is used up: free some space',
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EROFS: 'the disk is read-only',
  EIO: 'the disk reports an error',
}

/** What the file system refused, in words. */
function diskReason(failure: unknown): string | null {
  if (!(failure instanceof Error) || !('code' in failure)) return null
  const { code, path } = failure as NodeJS.ErrnoException
  const reason = diskReasons[String(code)]
  return reason === undefined ? null : `${path ?? 'A file'} cannot be written or read: ${reason}.`
}
