/** The formats of data sets: which one a file is, and its rows. A new one is a file and a line here. */
import { extname } from 'node:path'
import type { DatasetFormat } from '../../../../shared/contract'
import { readCsv } from './csv'
import { readJson } from './json'
import { readJsonLines } from './jsonl'
import type { NumberedRow, TextSource } from './source'
import { readText } from './text'

type Reader = (source: TextSource, head: Buffer) => AsyncGenerator<NumberedRow[]>

export const readers: Record<DatasetFormat, Reader> = {
  jsonl: readJsonLines,
  json: readJson,
  csv: readCsv,
  txt: readText,
}

const byExtension: Record<string, DatasetFormat> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
  '.csv': 'csv',
  '.tsv': 'csv',
  '.txt': 'txt',
  '.text': 'txt',
  '.md': 'txt',
}

/**
 * The format that a file's name says, but for the two kinds of JSON, which are often named like each other; by content
 * where the name says nothing.
 * @param head the file's first bytes
 */
export function formatOf(name: string, head: Buffer): DatasetFormat {
  const named = byExtension[extname(name).toLowerCase()]
  if (named === 'csv' || named === 'txt') return named
  const text = head.toString('utf8').trimStart()
  if (text.startsWith('[')) return 'json'
  if (text.startsWith('{')) return startsWithLines(text) ? 'jsonl' : 'json'
  return named ?? 'txt'
}

/** Whether the first line is a whole object, and not one that holds a list of rows. */
function startsWithLines(text: string): boolean {
  const end = text.indexOf('\n')
  const first = end < 0 ? text : text.slice(0, end)
  try {
    const value: unknown = JSON.parse(first)
    const isAlone = text.slice(first.length).trim() === ''
    return !(isAlone && holdsRows(value))
  } catch {
    return false
  }
}

/** `{"data": [{…}, …]}`, but not a row that is a conversation. */
const holdsRows = (value: unknown): boolean =>
  Object.values(value as object).some(
    (list) => Array.isArray(list) && list.every((entry) => typeof entry === 'object' && !isMessage(entry)),
  )

const isMessage = (entry: object | null): boolean => entry !== null && ('role' in entry || 'from' in entry)
