/** Plain text: a row for each paragraph. Empty lines stand between paragraphs; the line breaks within one are kept. */
import { badData, longestLineBytes, type NumberedRow, type TextLine, type TextSource, textLines } from './source'

/** Rows of one column, `text`. */
export async function* readText(source: TextSource): AsyncGenerator<NumberedRow[]> {
  const paragraphs = new ParagraphJoiner(source.name)
  for await (const lines of textLines(source)) yield lines.flatMap((line) => paragraphs.push(line))
  yield paragraphs.end()
}

class ParagraphJoiner {
  private lines: string[] = []
  private length = 0
  private first = 0

  constructor(private readonly name: string) {}

  /** The paragraph that ends with this line, if one does. */
  push({ text, number }: TextLine): NumberedRow[] {
    if (text.trim() === '') return this.end()
    if (this.lines.length === 0) this.first = number
    this.lines.push(text)
    this.length += text.length + 1
    if (this.length > longestLineBytes) throw tooLongParagraph(this.name, this.first)
    return []
  }

  end(): NumberedRow[] {
    const { lines } = this
    this.lines = []
    this.length = 0
    return lines.length === 0 ? [] : [{ row: { text: lines.join('\n') }, line: this.first }]
  }
}

const tooLongParagraph = (name: string, line: number) =>
  badData(
    `The paragraph on line ${line} of ${name} is longer than ${longestLineBytes / 1024 ** 2} MiB. Put empty lines between the rows.`,
  )
