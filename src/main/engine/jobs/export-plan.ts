/** What the formats of an export have in common. */
import type { ExportManifest } from '../../../shared/contract'

/** What a format has to say before anything is written, and how it is written. */
export type PlannedExport = {
  /** Of the large files. */
  bytesTotal: number
  /** null where tensors keep types that differ. */
  dtype: ExportManifest['dtype']
  /** Writes into the folder; yields the bytes written so far, between tensors. */
  write(folder: string): AsyncGenerator<number>
}
