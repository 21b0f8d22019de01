/** What the studio's procedures share. */

import type { EngineScript } from '../jobs/run-job'
import type { WarmGenerator } from '../jobs/warm-generator'
import type { Library } from '../library'
import type { Uploads } from '../library/uploads'
import type { Growth } from './growth'
import type { Trainer } from './trainer'

export type StudioContext = {
  library: Library
  uploads: Uploads
  engine: EngineScript
  generator: WarmGenerator
  trainer: Trainer
  growth: Growth
  /** Conversations that are being answered. */
  answering: Set<string>
  version: string
  electron: string | null
}
