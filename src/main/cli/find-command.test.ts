import { describe, expect, it } from 'vitest'
import { defineCommand } from './command'
import { UsageError } from './exit-status'
import { findCommand } from './find-command'

const [train, models] = ['train', 'models'].map((name) =>
  defineCommand({ name, summary: '', options: {}, run: async () => 0 }),
)
const find = (...words: string[]) => findCommand([train!, models!], words)

describe('finding the command', () => {
  it.each([
    [['train', '--model', 'm'], { kind: 'run', command: train, words: ['--model', 'm'] }],
    [['--home', 'train', 'models'], { kind: 'run', command: models, words: ['--home', 'train'] }],
    [['--json', '--home=x', 'models', 'y'], { kind: 'run', command: models, words: ['--json', '--home=x', 'y'] }],
    [['--help'], { kind: 'help', command: null }],
    [['-h'], { kind: 'help', command: null }],
    [['help', 'train'], { kind: 'help', command: train }],
    [['train', '--nonsense', '--help'], { kind: 'help', command: train }],
    [['train', '-h'], { kind: 'help', command: train }],
    [['--version'], { kind: 'version' }],
    [['models', '--', '--help'], { kind: 'run', command: models, words: ['--', '--help'] }],
  ])('%j', (words, request) => {
    expect(find(...words)).toEqual(request)
  })

  it.each([
    [[], 'camelot needs a command; camelot --help lists them.'],
    [['--json'], 'camelot needs a command; camelot --help lists them.'],
    [['trian'], 'There is no command trian; did you mean camelot train?'],
    [['tune'], 'There is no command tune; camelot --help lists them.'],
    [['modells'], 'There is no command modells; did you mean camelot models?'],
  ])('refuses %j', (words, sentence) => {
    expect(() => find(...words)).toThrow(new UsageError(sentence))
  })
})
