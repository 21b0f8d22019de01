// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { RowMapping } from '../../../shared/contract'
import { ends } from './exact-text'
import { columnsOf, guessColumns, type MappingKind, mappingFrom, mappingInWords, mappingKinds } from './mapping'

const columns = ['question', 'extra', 'answer']

describe('mappings', () => {
  it.each(Object.keys(mappingKinds) as MappingKind[])('%s: a guess is a mapping of the contract', (kind) => {
    const mapping = mappingFrom(kind, guessColumns(kind, columns))
    expect(RowMapping.parse(mapping)).toEqual(mapping)
  })

  it('guesses columns of the same name first', () =>
    expect(guessColumns('question', columns)).toEqual({ question: 'question', answer: 'answer' }))

  it('is none while a needed part has no column', () => {
    expect(mappingFrom('completion', { prompt: 'a', completion: null })).toBeNull()
    expect(mappingFrom('instruction', { instruction: 'a', output: 'b' })).toEqual({
      kind: 'instruction',
      instruction: 'a',
      input: null,
      output: 'b',
    })
  })

  it('takes a mapping apart and puts it together', () => {
    const mapping: RowMapping = { kind: 'instruction', instruction: 'a', input: null, output: 'b' }
    expect(mappingFrom(mapping.kind, columnsOf(mapping))).toEqual(mapping)
    expect(mappingInWords(mapping)).toBe('a → b')
  })
})

it.each(['', '  ', ' x', 'x\n', ' a b ', 'plain'])('ends of %j are the text', (text) => {
  const { before, middle, after } = ends(text)
  expect(before + middle + after).toBe(text)
  expect(middle).toBe(text.trim())
})
