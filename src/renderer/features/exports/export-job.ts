/** Runs an export as an activity: asks for the folder in Electron, hands over the archive in a browser. */
import type { ExportEntry } from '../../../shared/contract'
import { exportName } from '../../../shared/file-names'
import { beginActivity, noteFailure } from '../../lib/activities'
import { desktop, studio } from '../../lib/client'
import { download } from '../../lib/download'
import { sentence } from '../../lib/failure'
import { bytes } from '../../lib/format'
import { refresh } from '../../lib/queries'
import { formatInWords } from './formats'

type Wanted = Pick<ExportEntry, 'source' | 'format' | 'dtype'>

export async function startExport(wanted: Wanted, sourceName: string): Promise<void> {
  const bridge = desktop()
  const suggestion = exportName(sourceName, wanted.format)
  const folder = bridge ? await bridge.chooseExportFolder(suggestion) : null
  if (bridge && folder === null) return
  const activity = beginActivity(`Exporting ${sourceName}`, formatInWords(wanted))
  try {
    for await (const event of await studio.exports.start({ ...wanted, folder })) {
      if (event.type === 'progress')
        activity.update({
          detail: `${bytes(event.bytesWritten)} of ${bytes(event.bytesTotal)}`,
          progress: event.bytesTotal > 0 ? event.bytesWritten / event.bytesTotal : null,
        })
      else finish(event.export)
    }
  } catch (error) {
    activity.fail(sentence(error))
  }

  function finish(made: ExportEntry) {
    void refresh('exports')
    activity.done(made.downloadable ? 'Ready; the download begins' : `Written to ${made.folder}`, {
      to: '/exports',
      label: 'Show',
    })
    if (made.downloadable) downloadExport(made)
  }
}

export const downloadExport = (entry: ExportEntry): void =>
  download(`/exports/${encodeURIComponent(entry.id)}.zip`, `${exportName(entry.sourceName, entry.format)}.zip`)

export async function removeExport(id: string): Promise<void> {
  try {
    await studio.exports.remove({ id })
  } catch (error) {
    noteFailure('Not removed', sentence(error))
  }
  await refresh('exports')
}
