/** Rows of ragged length from a seed, in words of the synthetic tokenizer: one word is one token. */
import { Random } from './random'
import { words } from './synthetic-tokenizer'

export type RowKind = 'text' | 'completion'
export type Row = { text: string } | { prompt: string; completion: string }
/** A row and its length in tokens, the end-of-text token included. */
export type RaggedRow = { row: Row; tokens: number }

/** `count` rows whose lengths are spread evenly from `shortest` to `longest` tokens, in random order. */
export function raggedRows(kind: RowKind, count: number, shortest: number, longest: number, seed: number): RaggedRow[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => {
    const tokens = random.integer(shortest, longest)
    const text = Array.from({ length: tokens - 1 }, () => frequentWord(random))
    return { row: rowOf(kind, text), tokens }
  })
}

/** Few words are frequent and most are rare, as in a language, so that there is something to learn. */
function frequentWord(random: Random): string {
  return words[Math.floor(words.length * random.uniform() ** 4)]!
}

function rowOf(kind: RowKind, text: string[]): Row {
  if (kind === 'text') return { text: text.join(' ') }
  const middle = Math.ceil(text.length / 2)
  return { prompt: text.slice(0, middle).join(' '), completion: ` ${text.slice(middle).join(' ')}` }
}
