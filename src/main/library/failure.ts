/**
 * Failures that a person can act on, in the contract's terms. The library and the studio throw them; the studio's
 * outermost layer hands them to the wire as the contract's errors. Everything else that is thrown is a defect.
 */
import type { z } from 'zod'
import type { studioErrors } from '../../shared/contract'

type Codes = typeof studioErrors
type FailureCode = keyof Codes
type FailureData<C extends FailureCode> = z.infer<Codes[C]['data']>

export class StudioFailure<C extends FailureCode = FailureCode> extends Error {
  constructor(
    readonly code: C,
    message: string,
    readonly data: FailureData<C>,
  ) {
    super(message)
    this.name = 'StudioFailure'
  }
}

type ThingKind = 'model' | 'data set' | 'run' | 'conversation' | 'export' | 'upload'

export const notFound = (kind: ThingKind, id: string) =>
  new StudioFailure('NOT_FOUND', `There is no ${kind} "${id}": it was deleted, or never existed.`, { kind, id })

export const conflict = (kind: ThingKind, id: string, message: string) =>
  new StudioFailure('CONFLICT', message, { kind, id })

export const unreadable = (file: string, message: string, line: number | null = null) =>
  new StudioFailure('UNREADABLE', message, { file, line })

export const invalidArgument = (argument: string, message: string) =>
  new StudioFailure('INVALID_ARGUMENT', message, { argument })

export const jobFailed = (code: string, message: string) => new StudioFailure('JOB_FAILED', message, { code })
