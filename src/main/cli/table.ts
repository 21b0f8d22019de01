/** Text tables: columns as wide as their widest cell, two spaces between them. */
import type { Paint } from './paint'

export type Column = { title: string; align?: 'right' }

/** @param rows cells without colours; every row has a cell for each column */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string[] {
  const widths = columns.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => printedLength(row[at]!))))
  const line = (cells: readonly string[]) => cells.map((cell, at) => padded(cell, widths[at]!, columns[at]!)).join('  ')
  return [paint.dim(line(columns.map(({ title }) => title)).trimEnd()), ...rows.map((row) => line(row).trimEnd())]
}

/** Names and values under each other, for a single thing. */
export function facts(pairs: readonly (readonly [name: string, value: string])[], paint: Paint): string[] {
  const width = Math.max(...pairs.map(([name]) => name.length))
  return pairs.map(([name, value]) => `${paint.dim(name.padEnd(width))}  ${value}`)
}

function padded(cell: string, width: number, { align }: Column): string {
  const space = ' '.repeat(width - printedLength(cell))
  return align === 'right' ? space + cell : cell + space
}

const printedLength = (text: string) => [...text].length
