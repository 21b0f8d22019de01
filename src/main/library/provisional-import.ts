import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RowMapping } from '../../shared/contract'

void createHash
export async function* importRows(file: string, folder: string, _options: { signal?: AbortSignal }) {
  const text = readFileSync(file, 'utf8')
  const bytes = Buffer.byteLength(text)
  yield { type: 'progress' as const, bytesRead: 0, bytesTotal: bytes, rows: 0 }
  const rows = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const has = (...names: string[]) => names.every((name) => columns.includes(name))
  const mapping: RowMapping = has('prompt', 'completion')
    ? { kind: 'completion', prompt: 'prompt', completion: 'completion' }
    : has('question', 'answer')
      ? { kind: 'question', question: 'question', answer: 'answer' }
      : { kind: 'text', text: columns[0]! }
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  yield {
    type: 'done' as const,
    imported: {
      format: 'jsonl' as const,
      rows: rows.length,
      sizeBytes: bytes,
      columns,
      mapping,
      problems: [] as string[],
    },
  }
}
export async function readRowsPage(folder: string, offset: number, limit: number) {
  const lines = readFileSync(join(folder, 'rows.jsonl'), 'utf8').split('\n').filter(Boolean)
  return lines.slice(offset, offset + limit).map((line) => JSON.parse(line) as Record<string, unknown>)
}
