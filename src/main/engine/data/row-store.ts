/**
 * Rows in the studio's own form: `rows.jsonl`, one JSON object a line, and `rows.idx`, in which number n (8 bytes,
 * little-endian) is where row n begins; one more than there are rows, so that the last says where the file ends.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '../files/json'
import { EngineError } from '../protocol'
import type { Row } from './rows'

const rowsFileName = 'rows.jsonl'
const indexFileName = 'rows.idx'

export type RowWriter = {
  /** Takes a row; it is written later. */
  add(row: Row): void
  /** Writes what was taken, once it is much. */
  writeBlocks(): Promise<void>
  /** Writes what is left and flushes both files. */
  finish(): Promise<void>
  /** Closes the files, whole or not. */
  close(): Promise<void>
}

/** @param folder an empty one */
export async function openRowWriter(folder: string): Promise<RowWriter> {
  const rows = await openBlocks(join(folder, rowsFileName))
  const index = await openBlocks(join(folder, indexFileName))
  const files = [rows, index]
  let begins = 0
  return {
    add(row) {
      const line = Buffer.from(`${JSON.stringify(row)}\n`, 'utf8')
      index.add(littleEndian(begins))
      rows.add(line)
      begins += line.length
    },
    async writeBlocks() {
      for (const file of files) await file.writeBlock()
    },
    async finish() {
      index.add(littleEndian(begins))
      for (const file of files) await file.finish()
    },
    async close() {
      for (const file of files) await file.close()
    },
  }
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeUInt32LE(value % 2 ** 32, 0)
  bytes.writeUInt32LE(Math.floor(value / 2 ** 32), 4)
  return bytes
}

const blockBytes = 1 << 20

/** A new file that is written in large blocks. */
async function openBlocks(file: string) {
  const handle = await open(file, 'wx')
  let parts: Buffer[] = []
  let held = 0
  const write = async () => {
    await handle.appendFile(Buffer.concat(parts))
    parts = []
    held = 0
  }
  return {
    add(bytes: Buffer) {
      parts.push(bytes)
      held += bytes.length
    },
    async writeBlock() {
      if (held >= blockBytes) await write()
    },
    async finish() {
      await write()
      await handle.sync()
    },
    close: () => handle.close(),
  }
}

/**
 * Rows `offset` to `offset + limit − 1`, or as many as there are.
 * @param folder of an imported data set
 * @throws EngineError `bad_data` when the files are gone or do not belong together
 */
export async function readRowsPage(folder: string, offset: number, limit: number): Promise<Row[]> {
  try {
    const borders = await readBorders(join(folder, indexFileName), offset, limit)
    if (borders.length < 2) return []
    const begin = borders[0]!
    const bytes = await readPart(join(folder, rowsFileName), begin, borders.at(-1)! - begin)
    return borders.slice(1).map((end, place) => {
      const line = bytes.subarray(borders[place]! - begin, end - begin)
      return JSON.parse(line.toString('utf8')) as Row
    })
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError)
      throw new EngineError('bad_data', `The rows in ${folder} are gone or damaged. Import the data set again.`)
    throw error
  }
}

/** Where the rows begin, and where the last of them ends. */
async function readBorders(file: string, offset: number, limit: number): Promise<number[]> {
  const bytes = await readPart(file, offset * 8, (limit + 1) * 8)
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, place) => Number(bytes.readBigUInt64LE(place * 8)))
}

async function readPart(file: string, position: number, length: number): Promise<Buffer> {
  const handle: FileHandle = await open(file, 'r')
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
