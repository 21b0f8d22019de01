import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RowMapping } from '../../../shared/contract'
import { readExamples } from './examples'
import { openTokenizer, type Tokenizer } from './tokenizer'

const fixtures = join(import.meta.dirname, '../../../../tests/fixtures/gpt2-tiny')
const completion: RowMapping = { kind: 'completion', prompt: 'prompt', completion: 'completion' }
const text: RowMapping = { kind: 'text', text: 'text' }
type Golden = { max_length: number } & Record<'rows' | 'rows_eval' | 'rows_text', { ids: number[]; labels: number[] }[]>

let golden: Golden
let tokenizer: Tokenizer
let folder: string
beforeAll(async () => {
  golden = JSON.parse(await readFile(join(fixtures, 'golden.json'), 'utf8'))
  tokenizer = await openTokenizer(join(fixtures, 'model'))
  folder = await mkdtemp(join(tmpdir(), 'examples-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('rows against the reference', () => {
  it.each([
    ['rows.jsonl', 'rows', completion],
    ['rows-eval.jsonl', 'rows_eval', completion],
    ['rows-text.jsonl', 'rows_text', text],
  ] as const)('%s has the same ids and labels', async (name, key, mapping) => {
    const options = { maxLength: golden.max_length, completionOnlyLoss: mapping.kind !== 'text' }
    const examples = await readExamples({ file: join(fixtures, name), mapping }, tokenizer, options)
    const plain = examples.map(({ ids, labels }) => ({ ids: [...ids], labels: [...labels] }))
    expect(plain).toEqual(golden[key])
    expect(examples.map((example) => example.supervised)).toEqual(
      golden[key].map(({ labels }) => labels.filter((label) => label !== -100).length),
    )
  })

  it('says which rows were cut and keeps a row without targets', async () => {
    const options = { maxLength: golden.max_length, completionOnlyLoss: true }
    const examples = await readExamples({ file: join(fixtures, 'rows.jsonl'), mapping: completion }, tokenizer, options)
    expect(examples.filter((example) => example.truncated)).toHaveLength(5)
    expect(examples[8]).toMatchObject({ supervised: 0, truncated: true })
  })
})
