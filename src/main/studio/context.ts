/** What the studio's procedures share. */

import type { EngineScript } from '../jobs/run-job'
import type { WarmGenerator } from '../jobs/warm-generator'
import type { Library } from '../library'
import type { Uploads } from '../library/uploads'
import type { Growth } from './growth'
import type { Trainer } from './trainer'

/** Ends with the caller's signal, or with the studio. */
export const endOf = ({ closing }: StudioContext, signal?: AbortSignal): AbortSignal =>
  signal ? AbortSignal.any([signal, closing.signal]) : closing.signal

export type StudioContext = {
  library: Library
  uploads: Uploads
  engine: EngineScript
  generator: WarmGenerator
  trainer: Trainer
  growth: Growth
  /** Conversations that are being answered, and when that is over. */
  answering: Map<string, Promise<unknown>>
  /** Aborted as the studio closes: ends what streams. */
  closing: AbortController
  version: string
  electron: string | null
}
