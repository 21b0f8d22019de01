/**
 * Rows → token ids and labels. A row's strings are joined, then tokenized, then EOS is added; with completion-only loss
 * the first n labels are ignored, n being the token count of the prompt alone; longer rows are cut at the right. The
 * first token of a row is never a target, for nothing stands before it.
 */
import { createReadStream } from 'node:fs'
import { isMissing, isRecord, reasonOf } from '../files/json'
import { readLines } from '../files/lines'
import { EngineError, type RowsFile } from '../protocol'
import { type Row, type RowText, toRowText } from './rows'
import type { Tokenizer } from './tokenizer'

/** The label of a position that is not learned. */
export const ignored = -100

export type Example = {
  /** [T] */
  ids: Int32Array
  /** [T]; a label stands at its own token: `labels[i]` is what position i − 1 predicts. `labels[0]` is ignored. */
  labels: Int32Array
  /** How many labels are not ignored. */
  supervised: number
  /** Tokens of the whole row, before it was cut. */
  wholeLength: number
  /** Whether the row was longer than `maxLength`. */
  truncated: boolean
}

export type ExampleOptions = {
  /** Tokens, EOS included. */
  maxLength: number
  completionOnlyLoss: boolean
  signal?: AbortSignal
}

const rowsAtOnce = 512

/**
 * Every row of a file, in file order. A row without any text may be an example of no tokens at all.
 * @throws EngineError `bad_data` with the row's number; the signal's reason when it is aborted
 */
export async function readExamples(rows: RowsFile, tokenizer: Tokenizer, options: ExampleOptions): Promise<Example[]> {
  const examples: Example[] = []
  for await (const batch of readBatches(rows, tokenizer, options)) examples.push(...batch.examples)
  return examples
}

/** As `readExamples`, some hundred rows at a time, with the texts they were made of. */
export async function* readBatches(
  rows: RowsFile,
  tokenizer: Tokenizer,
  options: ExampleOptions,
): AsyncGenerator<{ texts: string[]; examples: Example[] }> {
  for await (const batch of rowTexts(rows, tokenizer)) {
    options.signal?.throwIfAborted()
    yield { texts: batch.map(({ text }) => text), examples: await toExamples(batch, tokenizer, options) }
  }
}

async function* rowTexts(rows: RowsFile, tokenizer: Tokenizer): AsyncGenerator<RowText[]> {
  let batch: RowText[] = []
  const render = tokenizer.chatTemplate === null ? null : tokenizer.renderChat
  for await (const { row, number } of readRows(rows.file)) {
    batch.push(numbered(number, () => toRowText(row, rows.mapping, render)))
    if (batch.length < rowsAtOnce) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The rows of a `rows.jsonl`, with their numbers from 1. */
async function* readRows(file: string): AsyncGenerator<{ row: Row; number: number }> {
  try {
    for await (const lines of readLines(createReadStream(file, { highWaterMark: 1 << 20 })))
      for (const { bytes, number } of lines) yield { row: parseRow(bytes, file, number), number }
  } catch (error) {
    if (isMissing(error)) throw new EngineError('bad_data', `The rows in ${file} are gone. Import the data set again.`)
    throw error
  }
}

function parseRow(bytes: Buffer, file: string, number: number): Row {
  const row = numbered(number, () => {
    try {
      return JSON.parse(bytes.toString('utf8'))
    } catch (error) {
      throw new EngineError('bad_data', `not a JSON object in ${file}: ${reasonOf(error)}`)
    }
  })
  if (!isRecord(row)) throw new EngineError('bad_data', `Row ${number} of ${file} is not a JSON object.`)
  return row
}

/** Puts the row's number before what was wrong with it. */
function numbered<T>(number: number, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    throw new EngineError(error.code, `Row ${number}: ${error.message.replace(/\.?$/, '.')}`)
  }
}

/**
 * Tokenizes many rows in one call; each row's text is followed by the beginnings whose tokens are counted. The rows of
 * a file all go through a template, or none does.
 */
async function toExamples(rows: RowText[], tokenizer: Tokenizer, options: ExampleOptions): Promise<Example[]> {
  const fromTemplate = rows.some((row) => row.fromTemplate)
  const eos = fromTemplate || tokenizer.eosTokenId === null ? [] : [tokenizer.eosTokenId]
  const asked = rows.map((row) => [row.text, ...(options.completionOnlyLoss ? borders(row) : [])])
  const encoded = await tokenizer.encodeAll(asked.flat(), { addSpecialTokens: !fromTemplate })
  return rows.map((row, place) => {
    const [ids, ...beginnings] = encoded.splice(0, asked[place]!.length)
    const all = [...ids!, ...eos]
    const counts = beginnings.map((beginning) => beginning.length)
    return toExample(all, options.completionOnlyLoss ? spans(row, counts, all.length) : null, options.maxLength)
  })
}

/** The beginnings of a row's text that end where a learned part begins or ends. */
const borders = ({ text, parts }: RowText): string[] =>
  (parts ?? []).flatMap(([start, end]) => [text.slice(0, start), ...(end < text.length ? [text.slice(0, end)] : [])])

/** Learned parts in tokens: `[from, to)` each. A part that reaches the text's end takes all that follows. */
function spans(row: RowText, counts: number[], length: number): [number, number][] | null {
  if (row.parts === null) return null
  let next = 0
  return row.parts.map(([, end]) => {
    const from = counts[next++]!
    return [from, end < row.text.length ? counts[next++]! : length]
  })
}

function toExample(all: number[], spans: [number, number][] | null, maxLength: number): Example {
  const ids = Int32Array.from(all.slice(0, maxLength))
  const labels = new Int32Array(ids.length).fill(ignored)
  for (const [from, to] of spans ?? [[0, ids.length] as const])
    labels.set(ids.subarray(from, to), Math.min(from, ids.length))
  if (labels.length > 0) labels[0] = ignored
  const supervised = labels.reduce((count, label) => count + (label === ignored ? 0 : 1), 0)
  return { ids, labels, supervised, wholeLength: all.length, truncated: all.length > maxLength }
}
