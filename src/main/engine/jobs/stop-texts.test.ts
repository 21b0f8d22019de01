import { describe, expect, it } from 'vitest'
import { stopMatcher } from './stop-texts'

/** Feeds the text in pieces of `size`; answers what came out and whether it stopped. */
function feed(text: string, stops: string[], size: number) {
  const matcher = stopMatcher(stops)
  const pieces: string[] = []
  for (let at = 0; at < text.length; at += size) {
    const { text: given, stopped } = matcher.push(text.slice(at, at + size))
    pieces.push(given)
    if (stopped) return { text: pieces.join(''), pieces, stopped }
  }
  return { text: pieces.join('') + matcher.end(), pieces, stopped: false }
}

describe.each([1, 2, 3, 100])('stop texts, in pieces of %i', (size) => {
  it.each([
    ['Seven bells.\nQuestion: Why?', ['\nQuestion:'], 'Seven bells.', true],
    ['aaab rest', ['aab'], 'a', true],
    ['one END two', ['two', 'END'], 'one ', true],
    ['never STO', ['STOP'], 'never STO', false],
    ['STO STO STOP', ['STOP'], 'STO STO ', true],
    ['STOP at once', ['STOP'], '', true],
    ['ababac', ['abac'], 'ab', true],
    ['no stops', [], 'no stops', false],
  ])('%j with %j', (text, stops, expected, stopped) => {
    expect(feed(text, stops, size)).toMatchObject({ text: expected, stopped })
  })

  it('never gives out a part of the stop text', () => {
    const { pieces } = feed('Hail.\nQuestion: Why?', ['\nQuestion:'], size)
    expect('Hail.'.startsWith(pieces.join(''))).toBe(true)
  })
})

it('gives out at once what cannot begin a stop text', () => {
  const matcher = stopMatcher(['END'])
  expect(matcher.push('a word E')).toEqual({ text: 'a word ', stopped: false })
  expect(matcher.push('cho')).toEqual({ text: 'Echo', stopped: false })
})

it('gives nothing after it stopped', () => {
  const matcher = stopMatcher(['.'])
  matcher.push('a.b')
  expect(matcher.push('c')).toEqual({ text: '', stopped: true })
  expect(matcher.end()).toBe('')
})
