/** What was exported, and where. */
import { rm } from 'node:fs/promises'
import type { z } from 'zod'
import { ExportEntry, ModelReference } from '../../shared/contract'
import { allRows, deleteRow, insertRow, rowById, type Sql } from './catalogue'
import type { Changes } from './changes'
import { booleanColumn, jsonColumn } from './columns'
import { notFound } from './failure'

const ExportRow = ExportEntry.extend({ source: jsonColumn(ModelReference), downloadable: booleanColumn })
type ExportRow = z.output<typeof ExportRow>

export function openExports(sql: Sql, changes: Changes) {
  const get = (id: string): ExportEntry => {
    const entry: ExportRow | undefined = rowById(sql, 'exports', id, ExportRow)
    if (!entry) throw notFound('export', id)
    return entry
  }
  return {
    get,
    list: (): ExportEntry[] => allRows(sql, 'SELECT * FROM exports ORDER BY createdAt DESC, id', ExportRow),

    add(entry: ExportEntry): ExportEntry {
      const { source, downloadable } = entry
      insertRow(sql, 'exports', { ...entry, source: JSON.stringify(source), downloadable: downloadable ? 1 : 0 })
      changes.say('exports', entry.id)
      return entry
    },

    /** Forgets the export; deletes its files only where they wait in the home to be downloaded. */
    async remove(id: string): Promise<void> {
      const { downloadable, folder } = get(id)
      deleteRow(sql, 'exports', id)
      changes.say('exports', id)
      if (downloadable) await rm(folder, { recursive: true, force: true })
    },
  }
}
