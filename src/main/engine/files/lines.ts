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

/**
 * The lines of a stream, as many at once as each chunk ends. A last line without a line break counts; an empty one after
 * the last break does not.
 */
export async function* readLines(
  chunks: AsyncIterable<Buffer>,
  longestBytes = Number.POSITIVE_INFINITY,
): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter(longestBytes)
  for await (const chunk of chunks) yield splitter.push(chunk)
  yield splitter.end()
}

class LineSplitter {
  private number = 1
  private parts: Buffer[] = []
  private held = 0

  constructor(private readonly longestBytes: number) {}

  push(chunk: Buffer): Line[] {
    const lines: Line[] = []
    let start = 0
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, start)) {
      lines.push(this.take(chunk.subarray(start, end)))
      start = end + 1
    }
    if (start < chunk.length) this.hold(chunk.subarray(start))
    return lines
  }

  end(): Line[] {
    return this.held > 0 ? [this.take(Buffer.alloc(0))] : []
  }

  private hold(part: Buffer): void {
    this.parts.push(part)
    this.held += part.length
    if (this.held > this.longestBytes) throw new LineTooLong(this.number)
  }

  private take(last: Buffer): Line {
    this.hold(last)
    const bytes = this.parts.length === 1 ? last : Buffer.concat(this.parts)
    this.parts = []
    this.held = 0
    return { number: this.number++, bytes: bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes }
  }
}
