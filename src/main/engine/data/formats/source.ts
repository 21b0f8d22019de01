/** What every format's reader gets and gives, and what they all refuse. */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { isMissing, reasonOf } from '../../files/json'
import { type Line, LineTooLong, readLines } from '../../files/lines'
import { EngineError } from '../../protocol'
import type { Row } from '../rows'

/** A row and the line of the file on which it begins, from 1. */
export type NumberedRow = { row: Row; line: number }

/** A text file that is being read. */
export type TextSource = {
  /** Its name without the folder, for sentences. */
  name: string
  sizeBytes: number
  /** Bytes of the file that were read so far. */
  bytesRead: number
  /** The bytes without a byte order mark. Can be taken once. */
  chunks(): AsyncGenerator<Buffer>
}

export const longestLineBytes = 16 * 1024 * 1024
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Opens a file for reading and looks at its first bytes.
 * @throws EngineError `bad_data` for a file that is missing, empty or not UTF-8 text
 */
export async function openSource(file: string, signal?: AbortSignal): Promise<{ source: TextSource; head: Buffer }> {
  const name = basename(file)
  const sizeBytes = await sizeOf(file)
  if (sizeBytes === 0) throw badData(`${name} is empty. Choose a file with at least one row.`)
  const source: TextSource = { name, sizeBytes, bytesRead: 0, chunks: () => chunksOf(file, source, signal) }
  return { source, head: withoutMark(checkText(await readHead(file), name)) }
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file)
    if (found.isDirectory()) throw badData(`${file} is a folder. Choose a JSONL, JSON, CSV or TXT file.`)
    return found.size
  } catch (error) {
    throw unreadable(error, file)
  }
}

async function readHead(file: string): Promise<Buffer> {
  try {
    const handle = await open(file, 'r')
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw unreadable(error, file)
  }
}

async function* chunksOf(file: string, source: TextSource, signal?: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      signal?.throwIfAborted()
      const isFirst = source.bytesRead === 0
      source.bytesRead += chunk.length
      yield isFirst ? withoutMark(checkText(chunk, source.name)) : checkText(chunk, source.name)
    }
  } catch (error) {
    throw unreadable(error, file)
  }
}

export type TextLine = { text: string /** From 1. */; number: number }

/** The lines of a source as text, many at once. */
export async function* textLines(source: TextSource): AsyncGenerator<TextLine[]> {
  try {
    for await (const lines of readLines(source.chunks(), longestLineBytes))
      yield lines.map((line) => ({ text: textOf(line, source.name), number: line.number }))
  } catch (error) {
    if (error instanceof LineTooLong) throw tooLong(source.name, error.line)
    throw error
  }
}

/** @throws EngineError with the line's number where they are not UTF-8 */
function textOf({ bytes, number }: Line, name: string): string {
  if (!isUtf8(bytes))
    throw badData(`Line ${number} of ${name} is not UTF-8 text. Save the file again in the UTF-8 encoding.`)
  return bytes.toString('utf8')
}

/** Text has no zero bytes; UTF-16 would be full of them. */
function checkText(bytes: Buffer, name: string): Buffer {
  const mark = bytes.length > 1 ? bytes.readUInt16BE(0) : 0
  if (mark === 0xfffe || mark === 0xfeff)
    throw badData(`${name} is UTF-16 text. Save the file again in the UTF-8 encoding.`)
  if (bytes.includes(0)) throw badData(`${name} is not a text file. Choose a JSONL, JSON, CSV or TXT file.`)
  return bytes
}

const withoutMark = (bytes: Buffer): Buffer => (bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes)

export const badData = (sentence: string) => new EngineError('bad_data', sentence)

export const tooLong = (name: string, line: number) =>
  badData(`Line ${line} of ${name} is longer than ${longestLineBytes / 1024 ** 2} MiB. Split it into shorter rows.`)

/** A failure to read; anything else passes as it is. */
function unreadable(error: unknown, file: string): unknown {
  if (isMissing(error)) return badData(`There is no file ${file}.`)
  const isSystem = error instanceof Error && 'syscall' in error
  return isSystem ? badData(`${file} cannot be read: ${reasonOf(error)}.`) : error
}
