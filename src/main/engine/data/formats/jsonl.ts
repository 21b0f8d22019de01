/** JSON Lines: an object on each line. Empty lines are passed over. */
import { isRecord, jsonReason } from '../../files/json'
import { badData, type NumberedRow, type TextLine, type TextSource, textLines } from './source'

/** @throws EngineError `bad_data` with the line's number */
export async function* readJsonLines(source: TextSource): AsyncGenerator<NumberedRow[]> {
  for await (const lines of textLines(source))
    yield lines.filter(({ text }) => text.trim() !== '').map((line) => toRow(line, source.name))
}

function toRow({ text, number }: TextLine, name: string): NumberedRow {
  const row = parse(text, name, number)
  if (!isRecord(row))
    throw badData(`Line ${number} of ${name} is not a JSON object. Each line should be like {"text": "…"}.`)
  return { row, line: number }
}

function parse(text: string, name: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badData(`Line ${line} of ${name} is not valid JSON: ${jsonReason(error)}.`)
  }
}
