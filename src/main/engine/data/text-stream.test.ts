import { describe, expect, it } from 'vitest'
import { decodeByTable, decodeByWindow } from './text-stream'

describe('byte-level tokens', () => {
  const stream = (tokens: string[]) => decodeByTable((id) => tokens[id] ?? null)

  it('holds a character back until its last byte, and gives up on what cannot become one', () => {
    // "é" is C3 A9: "Ã" and "©" in the byte alphabet. "Ġ" is a space.
    const text = stream(['Ã', '©', 'Ġa', 'Ã', 'b', 'Ã'])
    expect([0, 1, 2].map(text.push)).toEqual(['', 'é', ' a'])
    expect([3, 4].map(text.push)).toEqual(['', '\uFFFDb'])
    expect(text.push(5) + text.end()).toBe('\uFFFD')
    expect(text.end()).toBe('')
  })

  it('shows nothing for a token without text', () => {
    expect(stream(['a']).push(9)).toBe('')
  })
})

describe('tokens of other kinds', () => {
  /** Words with ▁ for a space before them; the first of a text has none. Bytes as <0x..>. */
  const join = (tokens: string[]) => {
    const bytes = tokens.flatMap((token) => {
      const byte = /^<0x(..)>$/.exec(token)?.[1]
      return byte ? [Number.parseInt(byte, 16)] : [...Buffer.from(token.replaceAll('▁', ' '))]
    })
    return Buffer.from(bytes).toString('utf8').replace(/^ /, '')
  }
  const pieces = (tokens: string[]) => {
    const stream = decodeByWindow((id) => tokens[id] ?? null, join)
    return [...tokens.map((_, id) => stream.push(id)), stream.end()]
  }

  it('gives words with the spaces that the whole text has', () => {
    expect(pieces(['▁Once', '▁upon', '▁a', 'while'])).toEqual(['Once', ' upon', ' a', 'while', ''])
  })

  it('holds back bytes until they are a character', () => {
    expect(pieces(['▁x', '<0xC3>', '<0xA9>', '▁y'])).toEqual(['x', '', 'é', ' y', ''])
    expect(pieces(['▁x', '<0xC3>'])).toEqual(['x', '', '\uFFFD'])
  })
})
