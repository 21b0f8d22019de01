import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { UsageError } from './exit-status'
import type { OptionTable } from './options'
import { parseArguments } from './parse-arguments'

const table = {
  path: { schema: z.string().min(1), positional: true, help: '' },
  learning_rate: { schema: z.number().positive().optional(), help: '' },
  max_steps: { schema: z.union([z.literal(-1), z.number().int().min(1)]).default(-1), help: '' },
  eval_steps: { schema: z.number().int().min(1).nullable().optional(), help: '' },
  targets: { schema: z.union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)]).optional(), help: '' },
  shuffle: { schema: z.boolean().default(true), help: '' },
  stop: { schema: z.array(z.string().min(1)).default([]), repeatable: true, help: '' },
  method: { schema: z.enum(['lora', 'full']).default('lora'), help: '', notYet: { qlora: 'use --method lora' } },
  packing: { schema: z.literal(false).optional(), help: '', notYet: { true: 'leave it out' } },
} satisfies OptionTable

const parse = (...words: string[]) => parseArguments('camelot test', table, words)
const refusal = (...words: string[]) => {
  try {
    parse(...words)
  } catch (error) {
    if (error instanceof UsageError) return error.message
    throw error
  }
  throw new Error(`accepted: ${words.join(' ')}`)
}

describe('what is taken', () => {
  it.each([
    [['p'], { path: 'p', max_steps: -1, shuffle: true, stop: [], method: 'lora' }],
    [['p', '--learning-rate', '2e-4'], { learning_rate: 2e-4 }],
    [['p', '--learning_rate=.5'], { learning_rate: 0.5 }],
    [['--max-steps', '-1', 'p'], { path: 'p', max_steps: -1 }],
    [['p', '--max_steps', '7', '--max-steps', '8'], { max_steps: 8 }],
    [['p', '--eval-steps', 'none'], { eval_steps: null }],
    [['p', '--targets', 'all-linear'], { targets: 'all-linear' }],
    [['p', '--targets', 'c_attn, c_proj'], { targets: ['c_attn', 'c_proj'] }],
    [['p', '--no-shuffle'], { shuffle: false }],
    [['p', '--no_shuffle'], { shuffle: false }],
    [['p', '--shuffle=False'], { shuffle: false }],
    [['--shuffle', 'True', 'p'], { path: 'p', shuffle: true }],
    [['--shuffle', 'p'], { path: 'p', shuffle: true }],
    [
      ['p', '--stop', 'a', '--stop', '--b', '--stop=--c'].filter((word) => word !== '--b').toSpliced(3, 1),
      { stop: ['a', '--c'] },
    ],
    [['p', '--stop', 'true', '--stop', '1'], { stop: ['true', '1'] }],
    [['--', '--odd-name'], { path: '--odd-name' }],
    [['p', '--packing', 'false'], { packing: false }],
  ])('%j', (words, expected) => {
    expect(parse(...words)).toMatchObject(expected)
  })
})

describe('what is refused, and how', () => {
  it.each([
    [[], 'camelot test needs PATH; see camelot test --help.'],
    [['p', 'q'], 'camelot test does not know what to do with “q”; see camelot test --help.'],
    [['p', '--learning-rat', '1'], 'camelot test has no option --learning-rat; did you mean --learning-rate?'],
    [['p', '--whatever'], 'camelot test has no option --whatever; see camelot test --help for what it has.'],
    [['p', '-x'], 'camelot test has no option -x; see camelot test --help for what it has.'],
    [['p', '--path', 'x'], 'camelot test has no option --path; see camelot test --help for what it has.'],
    [['p', '--learning-rate'], '--learning-rate needs a value; see camelot test --help.'],
    [['p', '--learning-rate', '--no-shuffle'], '--learning-rate needs a value; see camelot test --help.'],
    [['p', '--learning-rate', 'NaN'], '--learning-rate must be a number above 0, not “NaN”.'],
    [['p', '--learning-rate', ''], '--learning-rate must be a number above 0, not “”.'],
    [['p', '--learning-rate', '0x10'], '--learning-rate must be a number above 0, not “0x10”.'],
    [['p', '--learning-rate', '1e999'], '--learning-rate must be a number above 0, not “1e999”.'],
    [['p', '--learning-rate', '-1'], '--learning-rate must be a number above 0, not “-1”.'],
    [['p', '--max-steps', '0'], '--max-steps must be -1 or a whole number of at least 1, not “0”.'],
    [['p', '--max-steps', '1.5'], '--max-steps must be -1 or a whole number of at least 1, not “1.5”.'],
    [
      ['p', '--targets', 'a,,b'],
      '--targets must be all-linear or a list of names with commas between them, not “a,,b”.',
    ],
    [['p', '--shuffle=maybe'], '--shuffle must be true or false, not “maybe”.'],
    [['p', '--no-shuffle=true'], '--no-shuffle stands alone; it takes no value.'],
    [['p', '--method', 'qlora'], '--method qlora is not available yet: use --method lora.'],
    [['p', '--method', 'dora'], '--method must be lora or full, not “dora”.'],
    [['p', '--packing'], '--packing is not available yet: leave it out.'],
    [['p', '--stop', ''], '--stop must not be empty.'],
  ])('%j', (words, sentence) => {
    expect(refusal(...words)).toBe(sentence)
  })
})
