/**
 * The contract's procedures, ready to be given handlers. Whatever a handler throws, at once or while it streams, leaves
 * here as one of the contract's errors if a person can act on it; anything else is a defect and stays one.
 */
import { implement, ORPCError, ValidationError } from '@orpc/server'
import { ArgumentError, contract } from '../../shared/contract'
import { EngineError } from '../engine/protocol'
import { EngineDeath } from '../jobs/exit-report'
import { isSqlite } from '../library/catalogue'
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
  if (failure instanceof ORPCError && failure.code === 'BAD_REQUEST' && failure.cause instanceof ValidationError)
    return badInput(failure.cause)
  if (isSqlite(failure))
    return jobFailed(
      'disk',
      `The catalogue cannot be read or written (${failure.message}): check that its disk has room.`,
    )
  const reason = diskReason(failure)
  return reason ? jobFailed('disk', reason) : null
}

/** Input that the schema refuses, by the place of its first issue: `arguments.learning_rate` is the argument's own. */
function badInput({ issues }: ValidationError): StudioFailure {
  const { path = [], message } = issues[0]!
  const place = path.map((key) => String(typeof key === 'object' ? key.key : key))
  const name = place[0] === 'arguments' ? place.slice(1).join('.') : place.join('.')
  return new StudioFailure('INVALID_ARGUMENT', `${name || 'The input'} is not accepted: ${message}.`, {
    argument: name,
  })
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
