/**
 * A JSON file of any size: a list of objects, or an object of which one value is such a list. Only the row at hand is
 * held: a scanner cuts the file into the list's elements and the frame around them, and `JSON.parse` reads the pieces.
 */
import { isUtf8 } from 'node:buffer'
import { isRecord, jsonReason } from '../../files/json'
import { badData, longestLineBytes, type NumberedRow, type TextSource, tooLong } from './source'

/** @throws EngineError `bad_data` with the line on which the wrong row begins */
export async function* readJson(source: TextSource): AsyncGenerator<NumberedRow[]> {
  const scanner = new ListScanner(source.name)
  for await (const chunk of source.chunks())
    yield scanner.push(chunk).map(({ bytes, line }) => ({ row: toRow(bytes, line, source.name), line }))
  scanner.end()
}

function toRow(bytes: Buffer, line: number, name: string) {
  const row = parse(bytes, `The row on line ${line} of ${name}`)
  if (!isRecord(row))
    throw badData(`The row on line ${line} of ${name} is not a JSON object. Each row should be like {"text": "…"}.`)
  return row
}

function parse(bytes: Buffer, what: string): unknown {
  if (!isUtf8(bytes)) throw badData(`${what} is not UTF-8 text. Save the file again in the UTF-8 encoding.`)
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw badData(`${what} is not valid JSON: ${jsonReason(error)}.`)
  }
}

const byteOf = (letter: string) => letter.charCodeAt(0)
const quote = byteOf('"')
const backslash = byteOf('\\')
const comma = byteOf(',')
const openList = byteOf('[')
const openObject = byteOf('{')
const closeList = byteOf(']')
const closeObject = byteOf('}')
const newline = byteOf('\n')
const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

type Element = { bytes: Buffer /** Where it begins. */; line: number }

/** Follows brackets and texts. What JSON.parse will find wrong in a piece is not looked for here. */
class ListScanner {
  /** Brackets that are open. */
  private depth = 0
  private inText = false
  private escaped = false
  private line = 1
  /** Depth inside the list while the scanner is in it, else 0. */
  private listDepth = 0
  private lists = 0
  private elements = 0
  /** The file without the list's elements. */
  private frame: Buffer[] = []
  /** The piece at hand: parts from earlier chunks, where it goes on in this one, the line of its first letter. */
  private parts: Buffer[] = []
  private held = 0
  private start = 0
  private firstLine = 0

  constructor(private readonly name: string) {}

  /** The elements that end in this chunk. */
  push(chunk: Buffer): Element[] {
    const ended: Element[] = []
    this.start = 0
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!
      if (byte === newline) this.line++
      if (this.inText) {
        this.followText(byte)
        continue
      }
      if (this.listDepth > 0 && this.depth === this.listDepth && (byte === comma || byte === closeList)) {
        const isEmptyList = byte === closeList && this.firstLine === 0 && this.elements === 0
        const element = this.cut(chunk, at)
        if (!isEmptyList) ended.push(element)
        this.elements++
        if (byte === closeList) this.listDepth = 0
        else this.start = at + 1
      } else if (this.firstLine === 0 && !isSpace(byte)) this.firstLine = this.line
      this.follow(byte, chunk, at)
    }
    this.keep(chunk.subarray(this.start))
    return ended
  }

  /** Checks the frame, once the file has ended. */
  end(): void {
    if (this.depth > 0 || this.inText)
      throw badData(`${this.name} ends before its JSON does. Copy or download it again.`)
    this.frame.push(...this.parts)
    parse(Buffer.concat(this.frame), this.name)
    if (this.lists === 0) throw badData(`${this.name} holds no list of rows. It should be like [{"text": "…"}, …].`)
  }

  private followText(byte: number): void {
    if (this.escaped) this.escaped = false
    else if (byte === backslash) this.escaped = true
    else if (byte === quote) this.inText = false
  }

  private follow(byte: number, chunk: Buffer, at: number): void {
    if (byte === quote) this.inText = true
    else if (byte === openObject) this.depth++
    else if (byte === closeObject || byte === closeList) this.depth--
    else if (byte === openList) {
      this.depth++
      if (this.listDepth === 0 && this.depth <= 2) this.beginList(chunk, at)
    }
  }

  /** A list that is the whole file, or a value of the object that is. */
  private beginList(chunk: Buffer, at: number): void {
    if (++this.lists > 1) throw badData(`${this.name} holds more than one list. Keep the list of rows alone.`)
    this.frame.push(this.cut(chunk, at + 1).bytes)
    this.listDepth = this.depth
  }

  /** Ends the piece at hand before `end`; the next one begins there. */
  private cut(chunk: Buffer, end: number): Element {
    this.keep(chunk.subarray(this.start, end))
    const element = { bytes: Buffer.concat(this.parts), line: this.firstLine || this.line }
    this.parts = []
    this.held = 0
    this.firstLine = 0
    this.start = end
    return element
  }

  private keep(bytes: Buffer): void {
    this.held += bytes.length
    if (this.held > longestLineBytes) throw tooLong(this.name, this.firstLine || this.line)
    this.parts.push(bytes)
  }
}
