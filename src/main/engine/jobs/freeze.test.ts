import { describe, expect, it } from 'vitest'
import { frozenBy } from './freeze'

const names = [
  'transformer.wte.weight',
  ...[0, 1, 2, 10].flatMap((layer) =>
    ['ln_1.weight', 'ln_1.bias', 'attn.c_attn.weight'].map((last) => `transformer.h.${layer}.${last}`),
  ),
  'transformer.ln_f.weight',
]
const frozen = (...patterns: string[]) => names.filter(frozenBy(patterns, names))

describe('frozenBy', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [['transformer.wte.weight'], ['transformer.wte.weight']],
    [
      ['*.wte.*', '*ln_f*'],
      ['transformer.wte.weight', 'transformer.ln_f.weight'],
    ],
    [['transformer.h.[0-1].*.bias'], ['transformer.h.0.ln_1.bias', 'transformer.h.1.ln_1.bias']],
  ])('%j', (patterns, expected) => {
    expect(frozen(...patterns)).toEqual(expected)
  })

  it('takes ? for one character, and ranges inside out', () => {
    expect(frozen('transformer.h.1?.ln_?.bias')).toEqual(['transformer.h.10.ln_1.bias'])
    expect(frozen('transformer.h.[!1].ln_1.bias')).toEqual(['transformer.h.0.ln_1.bias', 'transformer.h.2.ln_1.bias'])
  })

  it('takes a dot for a dot', () => {
    expect(() => frozen('transformer?wte?weight', 'transformer.h.0.ln.1.bias')).toThrow('"transformer.h.0.ln.1.bias"')
  })

  it('names the pattern that means nothing, and refuses to freeze everything', () => {
    expect(() => frozen('*.weight', '*.wpe.*')).toThrow(
      /freeze: "\*\.wpe\.\*" matches none .* transformer\.wte\.weight/,
    )
    expect(() => frozen('*')).toThrow('nothing is trained')
    expect(() => frozen('h.[5-0].*')).toThrow('range that is none')
  })
})
