import { describe, expect, it } from 'vitest'
import { LineTooLong, readLines } from './lines'

async function linesOf(content: string, chunkBytes: number, longest?: number) {
  const bytes = Buffer.from(content)
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  const lines: [number, string][] = []
  for await (const batch of readLines(chunks(), longest))
    for (const { number, bytes } of batch) lines.push([number, bytes.toString()])
  return lines
}

describe.each([1, 2, 3, 7, 100])('in chunks of %i bytes', (size) => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['\n\n', ['', '']],
    ['é🙂\r\nb\rc\r\n\r\n龍', ['é🙂', 'b\rc', '', '龍']],
    ['a\u2028b\n', ['a\u2028b']],
  ])('%j', async (content, expected) => {
    expect(await linesOf(content, size)).toEqual(expected.map((text, at) => [at + 1, text]))
  })

  it('stops at a line that is too long', async () => {
    await expect(linesOf('ab\nabcdefgh\n', size, 7)).rejects.toEqual(new LineTooLong(2))
    expect(await linesOf('ab\nabcdefg\n', size, 7)).toHaveLength(2)
  })
})
