/** Lines of a byte stream, for files too large to hold: split at `\n` as bytes, so a character is never cut. */

export type Line = {
  /** From 1. */
  number: number
  /** Without the line break, and without the `\r` before it. */
  bytes: Buffer
}

/** Thrown where a line does not end within the limit. */
export class LineTooLong extends Error {
  constructor(readonly line: number) {
    super(`Line ${line} is too long.`)
  }
}

/** The lines of a stream. A last line without a line break counts; an empty one after the last break does not. */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  longestBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<Line> {
  let number = 1
  let parts: Buffer[] = []
  let held = 0
  const take = (last: Buffer): Line => {
    const bytes = parts.length === 0 ? last : Buffer.concat([...parts, last])
    parts = []
    held = 0
    if (bytes.length > longestBytes) throw new LineTooLong(number)
    return { number: number++, bytes: bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes }
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      yield take(chunk.subarray(start, end))
      start = end + 1
    }
    if (start === chunk.length) continue
    parts.push(chunk.subarray(start))
    held += chunk.length - start
    if (held > longestBytes) throw new LineTooLong(number)
  }
  if (held > 0) yield take(Buffer.alloc(0))
}
