/**
 * CSV after RFC 4180: the first line names the columns; the delimiter is the one of `,` `;` tab that the first line has
 * most of; texts in double quotes may hold delimiters, doubled quotes and line breaks.
 */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CsvError, type Info, parse } from 'csv-parse'
import { badData, longestLineBytes, type NumberedRow, type TextSource, textLines } from './source'

type Parsed = { record: string[]; info: Info }

/** @throws EngineError `bad_data` with the line on which the wrong row ends */
export async function* readCsv(source: TextSource, head: Buffer): AsyncGenerator<NumberedRow[]> {
  const delimiter = delimiterOf(firstRecord(head.toString('utf8')))
  let columns: string[] | null = null
  for await (const { record, info } of records(source, delimiter)) {
    if (columns === null) columns = columnNames(record)
    else {
      if (record.length > columns.length) throw tooManyFields(source.name, info.lines, record.length, columns.length)
      const named = record.map((text, place) => [columns![place]!, text] as const)
      yield [{ row: Object.fromEntries(named), line: info.lines }]
    }
  }
}

async function* records(source: TextSource, delimiter: string): AsyncGenerator<Parsed> {
  const parser = parse({
    delimiter,
    record_delimiter: '\n',
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: longestLineBytes,
  })
  // A failure of the source ends the parser, and with it the loop below.
  const fed = pipeline(Readable.from(blocks(source)), parser).catch(() => undefined)
  try {
    yield* parser as AsyncIterable<Parsed>
  } catch (error) {
    throw error instanceof CsvError ? sentence(error, source.name) : error
  } finally {
    parser.destroy()
    await fed
  }
}

/** The text in pieces of many lines, with `\n` for every line break. */
async function* blocks(source: TextSource): AsyncGenerator<string> {
  for await (const lines of textLines(source)) yield lines.map(({ text }) => `${text}\n`).join('')
}

/** The beginning of a text up to the first line break that is not in quotes. */
function firstRecord(text: string): string {
  let inQuotes = false
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') inQuotes = !inQuotes
    else if (text[at] === '\n' && !inQuotes) return text.slice(0, at)
  }
  return text
}

function delimiterOf(header: string): string {
  const unquoted = header.replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t'].map((delimiter) => [delimiter, unquoted.split(delimiter).length] as const)
  return counts.reduce((best, other) => (other[1] > best[1] ? other : best))[0]
}

/** Names without spaces around them; a missing one is `column 3`, a second `text` is `text 2`. */
function columnNames(header: string[]): string[] {
  const names: string[] = []
  for (const [place, text] of header.entries()) {
    const wanted = text.trim() || `column ${place + 1}`
    let name = wanted
    for (let number = 2; names.includes(name); number++) name = `${wanted} ${number}`
    names.push(name)
  }
  return names
}

const tooManyFields = (name: string, line: number, found: number, expected: number) =>
  badData(
    `Line ${line} of ${name} has ${found} fields, the first line names ${expected} columns. Put texts that hold the delimiter in double quotes.`,
  )

function sentence(error: CsvError, name: string) {
  const line = (error as CsvError & { lines?: number }).lines ?? 0
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return badData(
      `${name} ends inside a quoted text: a closing double quote is missing, at the latest on line ${line}.`,
    )
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return badData(
      `A row of ${name} near line ${line} is longer than ${longestLineBytes / 1024 ** 2} MiB. Is a closing quote missing?`,
    )
  return badData(`Line ${line} of ${name} is not valid CSV: ${error.message}.`)
}
