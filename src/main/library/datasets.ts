/**
 * The data sets of the catalogue. Each is a folder of its own with its rows as one JSON object a line and an index of
 * where they begin. A deleted one is put aside until the studio closes.
 */
import { rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { z } from 'zod'
import { DatasetEntry, type DatasetRow, DatasetStatistics, type ImportEvent, RowMapping } from '../../shared/contract'
import { importRows, readRowsPage } from '../engine/data/files'
import { toPromptAndCompletion } from '../engine/data/rows'
import type { RowsFile } from '../engine/protocol'
import { allRows, deleteRow, insertRow, type Sql, updateRow } from './catalogue'
import type { Changes } from './changes'
import { booleanColumn, jsonColumn } from './columns'
import { invalidArgument, notFound } from './failure'
import { type Home, newId } from './home'

const TableRow = DatasetEntry.extend({
  columns: jsonColumn(z.array(z.string())),
  mapping: jsonColumn(RowMapping),
  problems: jsonColumn(z.array(z.string())),
  aside: booleanColumn,
})
const StatisticsRow = z.object({ statistics: jsonColumn(DatasetStatistics) })

const entryOf = ({ aside: _, ...entry }: z.infer<typeof TableRow>): DatasetEntry => entry

export function openDatasets(sql: Sql, home: Home, changes: Changes) {
  const find = (id: string, aside: boolean): DatasetEntry => {
    const row = allRows(sql, 'SELECT * FROM datasets WHERE id = ?', TableRow, id)[0]
    if (!row || row.aside !== aside) throw notFound('data set', id)
    return entryOf(row)
  }
  const get = (id: string): DatasetEntry => find(id, false)
  /** What this process put aside. */
  const bin = new Set<string>()

  function setAside(id: string, aside: boolean): void {
    updateRow(sql, 'datasets', id, { aside: aside ? 1 : 0 })
    changes.say('datasets', id)
  }

  function insert(
    id: string,
    file: string,
    given: { name?: string; sourceName?: string },
    imported: Pick<DatasetEntry, 'format' | 'rows' | 'sizeBytes' | 'columns' | 'mapping' | 'problems'>,
  ): DatasetEntry {
    const sourceName = given.sourceName ?? basename(file)
    const { format, rows, sizeBytes, columns, mapping, problems } = imported
    const name = given.name ?? basename(sourceName, extname(sourceName))
    const entry = { id, name, sourceName, format, rows, sizeBytes, columns, mapping, problems }
    insertRow(sql, 'datasets', {
      ...entry,
      columns: JSON.stringify(columns),
      mapping: JSON.stringify(mapping),
      problems: JSON.stringify(problems),
      importedAt: new Date().toISOString(),
    })
    changes.say('datasets', id)
    return get(id)
  }

  function change(id: string, columns: Record<string, string | number>): DatasetEntry {
    get(id)
    updateRow(sql, 'datasets', id, columns)
    changes.say('datasets', id)
    return get(id)
  }

  return {
    get,
    list: (): DatasetEntry[] =>
      allRows(sql, 'SELECT * FROM datasets WHERE aside = 0 ORDER BY importedAt, name', TableRow).map(entryOf),

    /** Where the rows lie. */
    rowsFile: (id: string): RowsFile => ({ file: join(home.dataset(id), 'rows.jsonl'), mapping: get(id).mapping }),

    /** Reads a file into the home. Nothing is left of an import that fails or is given up. */
    async *import(
      file: string,
      given: { name?: string; sourceName?: string },
      signal?: AbortSignal,
    ): AsyncGenerator<ImportEvent> {
      const id = newId('data')
      for await (const event of importRows(file, home.dataset(id), { signal }))
        if (event.type === 'progress') yield event
        else yield { type: 'done', dataset: insert(id, file, given, event.imported) }
    },

    /** A page of rows, as the mapping reads them. */
    async rows(id: string, offset: number, limit: number): Promise<{ rows: DatasetRow[]; total: number }> {
      const { mapping, rows: total } = get(id)
      const page = await readRowsPage(home.dataset(id), offset, limit)
      return {
        total,
        rows: page.map((columns, at) => ({ index: offset + at, columns, ...readable(columns, mapping) })),
      }
    },

    rename: (id: string, name: string): DatasetEntry => change(id, { name }),

    setMapping(id: string, mapping: RowMapping): DatasetEntry {
      checkMapping(get(id), mapping)
      return change(id, { mapping: JSON.stringify(mapping) })
    },

    /** Puts the data set aside. */
    remove(id: string): void {
      get(id)
      setAside(id, true)
      bin.add(id)
    },

    restore(id: string): DatasetEntry {
      find(id, true)
      setAside(id, false)
      bin.delete(id)
      return get(id)
    },

    /** Deletes for good what this process put aside, or what anyone did when nobody else is there. */
    async emptyBin(whose: 'mine' | 'all'): Promise<void> {
      const aside = allRows(sql, 'SELECT * FROM datasets WHERE aside = 1', TableRow).map(({ id }) => id)
      for (const id of aside) {
        if (whose === 'mine' && !bin.has(id)) continue
        deleteRow(sql, 'datasets', id)
        await rm(home.dataset(id), { recursive: true, force: true })
      }
    },

    statistics(id: string, modelId: string, maxLength: number): DatasetStatistics | null {
      const query =
        'SELECT statistics FROM statistics WHERE datasetId = ? AND modelId = ? AND maxLength = ? AND mapping = ?'
      const values = [id, modelId, maxLength, JSON.stringify(get(id).mapping)]
      return allRows(sql, query, StatisticsRow, ...values)[0]?.statistics ?? null
    },

    keepStatistics(id: string, modelId: string, maxLength: number, statistics: DatasetStatistics): void {
      sql
        .prepare(
          'INSERT OR REPLACE INTO statistics (datasetId, modelId, maxLength, mapping, statistics) VALUES (?, ?, ?, ?, ?)',
        )
        .run(id, modelId, maxLength, JSON.stringify(get(id).mapping), JSON.stringify(statistics))
    },
  }
}

/** The row's two strings; a row that the mapping cannot read shows why in their place. */
function readable(columns: Record<string, unknown>, mapping: RowMapping) {
  try {
    return toPromptAndCompletion(columns, mapping)
  } catch (failure) {
    return { prompt: null, completion: failure instanceof Error ? failure.message : String(failure) }
  }
}

/** @throws StudioFailure INVALID_ARGUMENT for a column that the data set does not have. */
function checkMapping({ columns, name }: DatasetEntry, { kind, ...named }: RowMapping): void {
  for (const column of Object.values(named))
    if (column !== null && !columns.includes(column))
      throw invalidArgument(
        'mapping',
        `The data set "${name}" has no column "${column}": choose among ${columns.map((one) => `"${one}"`).join(', ')}.`,
      )
}
