/** Plain text: a row for each paragraph. Empty lines stand between paragraphs; the line breaks within one are kept. */
import { badData, longestLineBytes, type NumberedRow, type TextSource, textLines } from './source'

/** Rows of one column, `text`. */
export async function* readText(source: TextSource): AsyncGenerator<NumberedRow> {
  let lines: string[] = []
  let length = 0
  let first = 0
  for await (const { text, number } of textLines(source)) {
    if (text.trim() !== '') {
      if (lines.length === 0) first = number
      lines.push(text)
      length += text.length + 1
      if (length > longestLineBytes) throw tooLongParagraph(source.name, first)
      continue
    }
    if (lines.length > 0) yield { row: { text: lines.join('\n') }, line: first }
    lines = []
    length = 0
  }
  if (lines.length > 0) yield { row: { text: lines.join('\n') }, line: first }
}

const tooLongParagraph = (name: string, line: number) =>
  badData(
    `The paragraph on line ${line} of ${name} is longer than ${longestLineBytes / 1024 ** 2} MiB. Put empty lines between the rows.`,
  )
