// Trains the tokenizer of the bundled model and writes it in Hugging Face's layout:
// `npx tsx scripts/merlin/tokenizer.ts --corpus FILE.jsonl --output DIR`.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeFolder, writeTextWhole } from '../../src/main/engine/files/whole'
import { byteLetters, learnMerges } from './byte-pairs'
import { contextLength, endOfText, vocabularySize } from './shape'

/** The contents of `tokenizer.json`: id 0 ends a text, 1 to 256 are the bytes, then one id for each merge. */
export function tokenizerJson(merges: readonly string[]): object {
  const tokens = [endOfText, ...byteLetters, ...merges.map((merge) => merge.replace(' ', ''))]
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [
      { id: 0, content: endOfText, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    ],
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: { ...byteLevel, trim_offsets: false },
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  }
}

const specialTokens = { bos_token: endOfText, eos_token: endOfText, unk_token: endOfText, pad_token: endOfText }

const tokenizerConfig = {
  ...specialTokens,
  add_prefix_space: false,
  added_tokens_decoder: {
    0: { content: endOfText, lstrip: false, normalized: false, rstrip: false, single_word: false, special: true },
  },
  clean_up_tokenization_spaces: false,
  model_max_length: contextLength,
  tokenizer_class: 'GPT2TokenizerFast',
}

/** Learns the vocabulary from the texts and writes the three tokenizer files into the folder. */
export async function trainTokenizer(texts: Iterable<string>, folder: string): Promise<void> {
  const merges = learnMerges(texts, vocabularySize - 1 - byteLetters.length)
  if (merges.length < vocabularySize - 257)
    throw new Error(
      `tokenizer: the corpus gives ${merges.length} merges, ${vocabularySize - 257} are needed; write a larger corpus`,
    )
  await makeFolder(folder)
  const files = {
    'tokenizer_config.json': tokenizerConfig,
    'special_tokens_map.json': specialTokens,
    'tokenizer.json': tokenizerJson(merges),
  }
  for (const [name, content] of Object.entries(files)) {
    await writeTextWhole(join(folder, name), `${JSON.stringify(content, null, 2)}\n`)
  }
}

/** The first texts, until they have so many characters together: enough to learn a small vocabulary from. */
export function* beginningOf(texts: Iterable<string>, characters = 5_000_000): Generator<string> {
  let left = characters
  for (const text of texts) {
    if (left <= 0) return
    left -= text.length
    yield text
  }
}

function* textsIn(file: string): Generator<string> {
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line !== '') yield (JSON.parse(line) as { text: string }).text
  }
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({ options: { corpus: { type: 'string' }, output: { type: 'string' } } })
  if (!values.corpus || !values.output)
    throw new Error('tokenizer: --corpus FILE.jsonl and --output DIR are both needed')
  await trainTokenizer(beginningOf(textsIn(values.corpus)), values.output)
}
