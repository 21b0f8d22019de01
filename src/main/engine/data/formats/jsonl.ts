/** JSON Lines: an object on each line. Empty lines are passed over. */
import { isRecord, reasonOf } from '../../files/json'
import { badData, type NumberedRow, type TextSource, textLines } from './source'

/** @throws EngineError `bad_data` with the line's number */
export async function* readJsonLines(source: TextSource): AsyncGenerator<NumberedRow> {
  for await (const { text, number } of textLines(source)) {
    if (text.trim() === '') continue
    const row = parse(text, source.name, number)
    if (!isRecord(row))
      throw badData(`Line ${number} of ${source.name} is not a JSON object. Each line should be like {"text": "…"}.`)
    yield { row, line: number }
  }
}

function parse(text: string, name: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badData(`Line ${line} of ${name} is not valid JSON: ${reasonOf(error)}.`)
  }
}
