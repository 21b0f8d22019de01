// Writes the training text of the bundled model as JSON Lines: `npx tsx scripts/merlin/corpus.ts --documents N --seed S --output FILE.jsonl`.
import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { generateCorpus } from './corpus/generate'
import { wholeNumber } from './options'

/** Writes `{"text": …}` rows to a temporary file and renames it. Rows before `skip` are generated, not written: they belong to another part. */
export function writeCorpus(file: string, seed: number, documents: number, skip = 0): void {
  const unfinished = `${file}.unfinished`
  const handle = openSync(unfinished, 'w')
  let index = 0
  for (const text of generateCorpus(seed, skip + documents)) {
    if (index++ >= skip) writeSync(handle, `${JSON.stringify({ text })}\n`)
  }
  closeSync(handle)
  renameSync(unfinished, file)
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: {
      documents: { type: 'string' },
      seed: { type: 'string' },
      output: { type: 'string' },
      skip: { type: 'string' },
    },
  })
  if (!values.output)
    throw new Error('corpus: --output is missing; give the file to write, for example --output corpus.jsonl')
  writeCorpus(
    values.output,
    wholeNumber('--seed', values.seed ?? '1'),
    wholeNumber('--documents', values.documents ?? '1000'),
    wholeNumber('--skip', values.skip ?? '0'),
  )
}
