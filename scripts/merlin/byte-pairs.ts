// Byte-pair encoding: learns merges from text (Sennrich et al. 2016), over the bytes of GPT-2's pre-tokens (Radford et al. 2019).
// Words are counted once, and after each merge only the words that hold the merged pair are counted again.

/** GPT-2's split into contractions, letters, digits, other signs and spaces, each with at most one space before it. */
const preTokens = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

/** The printable stand-in of every byte, as GPT-2 has it: printable Latin-1 stands for itself, the others follow from U+0100. */
export const byteLetters: readonly string[] = (() => {
  const printable = (byte: number) => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++))
})()

interface Word {
  symbols: string[]
  readonly count: number
}

function countWords(texts: Iterable<string>): Word[] {
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const [piece] of text.matchAll(preTokens)) counts.set(piece, (counts.get(piece) ?? 0) + 1)
  }
  return [...counts].map(([piece, count]) => ({
    symbols: [...Buffer.from(piece, 'utf8')].map((byte) => byteLetters[byte] ?? ''),
    count,
  }))
}

/** How often each neighbouring pair occurs, and in which words. A pair's key is its two symbols with a space between. */
class PairCounts {
  private readonly pairs = new Map<string, { count: number; readonly words: Set<Word> }>()

  add(word: Word, sign: 1 | -1): void {
    for (let place = 0; place + 1 < word.symbols.length; place++) {
      const key = `${word.symbols[place]} ${word.symbols[place + 1]}`
      const pair = this.pairs.get(key) ?? { count: 0, words: new Set<Word>() }
      pair.count += sign * word.count
      if (sign === 1) pair.words.add(word)
      this.pairs.set(key, pair)
      if (pair.count === 0) this.pairs.delete(key)
    }
  }

  /** The most frequent pair; among equals the first in the order of their letters. */
  best(): string | undefined {
    let best: string | undefined
    let most = 1
    for (const [key, { count }] of this.pairs) {
      if (count > most || (count === most && best !== undefined && key < best)) [best, most] = [key, count]
    }
    return best
  }

  wordsWith(key: string): Word[] {
    return [...(this.pairs.get(key)?.words ?? [])]
  }
}

function merged(symbols: readonly string[], left: string, right: string): string[] {
  const result: string[] = []
  for (let place = 0; place < symbols.length; place++) {
    const both = symbols[place] === left && symbols[place + 1] === right
    result.push(both ? left + right : (symbols[place] ?? ''))
    if (both) place++
  }
  return result
}

/** Learns up to `count` merges, written "left right" in the order in which they apply. Fewer if no pair occurs twice. */
export function learnMerges(texts: Iterable<string>, count: number): string[] {
  const pairs = new PairCounts()
  for (const word of countWords(texts)) pairs.add(word, 1)
  const merges: string[] = []
  while (merges.length < count) {
    const best = pairs.best()
    if (best === undefined) break
    merges.push(best)
    const [left = '', right = ''] = best.split(' ')
    for (const word of pairs.wordsWith(best)) {
      const symbols = merged(word.symbols, left, right)
      if (symbols.length === word.symbols.length) continue
      pairs.add(word, -1)
      word.symbols = symbols
      pairs.add(word, 1)
    }
  }
  return merges
}
