/**
 * A byte-level BPE tokenizer of a given size whose every invented word is exactly one token, so that a row's length
 * in tokens is known from its words: syllables (consonant, vowel) join to words of two syllables, and each word also
 * joins with the space before it. The entries that remain are words of three syllables, which no row uses.
 */

export const endOfText = '<|endoftext|>'

const syllables = [...'bcdfghjklmnpqrstvwyz'].flatMap((consonant) => [...'aeiou'].map((vowel) => consonant + vowel))

/** Ten thousand words of two syllables. */
export const words: readonly string[] = syllables.flatMap((first) => syllables.map((second) => first + second))

const SPACE = 'Ġ' // how byte-level BPE writes a space

/** tokenizer.json: 256 bytes, the merges' results, and END_OF_TEXT as the last entry. 20,357 entries at least. */
export function syntheticTokenizer(vocabularySize: number): object {
  const bytes = byteLetters()
  const merges = mergeRules(vocabularySize - bytes.length - 1)
  const entries = [...bytes, ...merges.map(([left, right]) => left + right)]
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      {
        id: vocabularySize - 1,
        content: endOfText,
        single_word: false,
        lstrip: false,
        rstrip: false,
        normalized: false,
        special: true,
      },
    ],
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: false, use_regex: true },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries([...entries, endOfText].map((entry, id) => [entry, id])),
      merges,
    },
  }
}

/** The first `count` merges, most urgent first. */
function mergeRules(count: number): [string, string][] {
  const letters = syllables.map((syllable): [string, string] => [syllable[0]!, syllable[1]!])
  const pairs = words.map((word): [string, string] => [word.slice(0, 2), word.slice(2)])
  const spaced = words.map((word): [string, string] => [SPACE, word])
  const rules = [...letters, ...pairs, ...spaced]
  for (const word of words)
    for (const syllable of syllables) {
      if (rules.length === count) return rules
      rules.push([SPACE + word, syllable])
    }
  return rules
}

/**
 * The letters that stand for the 256 bytes, in GPT-2's order: printable bytes stand for themselves, the others are
 * moved up to U+0100 and beyond.
 */
function byteLetters(): string[] {
  const printable = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad)
  const all = Array.from({ length: 256 }, (_, byte) => byte)
  const others = all.filter((byte) => !printable(byte))
  return [...all.filter(printable), ...others.map((_, index) => 256 + index)].map((code) => String.fromCodePoint(code))
}
