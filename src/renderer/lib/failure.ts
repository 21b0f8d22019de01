/** Turns whatever was thrown into one sentence for a person. */
import { ORPCError } from '@orpc/client'

/** Errors of the contract carry a sentence that was written to be shown. */
const spoken = new Set(['NOT_FOUND', 'UNREADABLE', 'INVALID_ARGUMENT', 'CONFLICT', 'JOB_FAILED', 'BAD_REQUEST'])

export function sentence(error: unknown): string {
  if (error instanceof ORPCError && (error.defined || spoken.has(error.code))) return error.message
  if (error instanceof ORPCError) return `The studio could not do that: ${error.message}`
  // What the transport throws into every open call when its connection goes away.
  if (error instanceof Error && error.name === 'AbortError') return 'The connection to the studio was lost. Try again.'
  if (error instanceof Error && error.message) return error.message
  return 'Something unexpected went wrong. Try again; if it stays, start the studio anew.'
}

/** The argument that the studio refused, when that is what happened. */
export function refusedArgument(error: unknown): string | null {
  if (!(error instanceof ORPCError) || error.code !== 'INVALID_ARGUMENT') return null
  const data = error.data as { argument?: unknown } | undefined
  return typeof data?.argument === 'string' ? data.argument : null
}
