// Writes generated text as JSON Lines: `npx tsx scripts/merlin/corpus.ts --documents N --seed S --output FILE.jsonl`.
import { parseArgs } from 'node:util'
import { writeTextWhole } from '../../src/main/engine/files/whole'
import { generateCorpus } from './corpus/generate'
import { wholeNumber } from './options'

/** Writes texts as `{"text": …}` rows, whole or not at all. */
export async function writeTexts(file: string, texts: Iterable<string>): Promise<void> {
  await writeTextWhole(file, Array.from(texts, (text) => `${JSON.stringify({ text })}\n`).join(''))
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      documents: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      output: { type: 'string' },
    },
  })
  if (!values.output)
    throw new Error('corpus: --output is missing; give the file to write, for example --output corpus.jsonl')
  const [seed, documents] = [wholeNumber('--seed', values.seed), wholeNumber('--documents', values.documents)]
  await writeTexts(values.output, generateCorpus(seed, documents))
}
