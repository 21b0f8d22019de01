/**
 * Importing a data set: a file that a person dropped → rows in the studio's own form (see `row-store.ts`), read as a
 * stream, so that size does not matter. The target folder appears whole or not at all.
 */
import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DatasetFormat, RowMapping } from '../../../shared/contract'
import { asDiskError, discard, flushFolder, makeFolder, temporaryName } from '../files/whole'
import { EngineError } from '../protocol'
import { ColumnSurvey } from './column-survey'
import { formatOf, readers } from './formats'
import { type NumberedRow, openSource, type TextSource } from './formats/source'
import { openRowWriter } from './row-store'

export { readRowsPage } from './row-store'

export type ImportedRows = {
  format: DatasetFormat
  rows: number
  /** Of the file that was read. */
  sizeBytes: number
  /** In the order in which they first come. */
  columns: string[]
  /** A guess, see `detectMapping`. */
  mapping: RowMapping
  /** Sentences about rows that were read but look wrong. */
  problems: string[]
}

export type ImportRowsEvent =
  | { type: 'progress'; bytesRead: number; bytesTotal: number; rows: number }
  | { type: 'done'; imported: ImportedRows }

const progressEveryMs = 100

/**
 * Reads JSONL, JSON, CSV or TXT into a new folder. Progress comes about ten times a second and once at the end.
 * @param folder that is made; it must not be there
 * @throws EngineError `bad_data` with the line, `disk`; the signal's reason when aborted. Then nothing is left.
 */
export async function* importRows(
  file: string,
  folder: string,
  { signal }: { signal?: AbortSignal } = {},
): AsyncGenerator<ImportRowsEvent> {
  const { source, head } = await openSource(file, signal)
  const format = formatOf(source.name, head)
  const temporary = temporaryName(folder)
  try {
    await makeFolder(dirname(folder))
    await mkdir(temporary)
    const survey = yield* writeRows(source, readers[format](source, head), temporary)
    await rename(temporary, folder)
    await flushFolder(dirname(folder))
    const problems = [...survey.problems, ...layoutProblems(format, survey.rows, source.sizeBytes)]
    yield { type: 'done', imported: { format, sizeBytes: source.sizeBytes, ...survey, problems } }
  } catch (error) {
    throw asDiskError(error, folder)
  } finally {
    await discard(temporary)
  }
}

/** A long text without empty lines was hardly meant as one row. */
const layoutProblems = (format: DatasetFormat, rows: number, bytes: number): string[] =>
  format === 'txt' && rows === 1 && bytes > 4096
    ? ['The text has no empty lines, so all of it is one row. Put an empty line between rows.']
    : []

async function* writeRows(source: TextSource, rows: AsyncGenerator<NumberedRow[]>, folder: string) {
  const writer = await openRowWriter(folder)
  const survey = new ColumnSurvey(source.name)
  let told = Date.now()
  try {
    for await (const batch of rows) {
      for (const { row, line } of batch) {
        survey.see(row, line)
        writer.add(row)
      }
      await writer.writeBlocks()
      if (Date.now() - told < progressEveryMs) continue
      told = Date.now()
      yield progress(source, survey.rows)
    }
    if (survey.rows === 0) throw new EngineError('bad_data', `${source.name} has no rows.`)
    await writer.finish()
    yield progress(source, survey.rows)
    return survey.result()
  } finally {
    await writer.close()
  }
}

const progress = ({ bytesRead, sizeBytes }: TextSource, rows: number): ImportRowsEvent => ({
  type: 'progress',
  bytesRead,
  bytesTotal: sizeBytes,
  rows,
})
