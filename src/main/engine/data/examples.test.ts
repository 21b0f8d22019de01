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

describe('rows of a file of our own', () => {
  const options = { maxLength: 200, completionOnlyLoss: true }
  async function examplesOf(content: string, mapping: RowMapping, using = tokenizer) {
    const file = join(folder, 'rows.jsonl')
    await writeFile(file, content)
    return readExamples({ file, mapping }, using, options)
  }
  const plain = ({ ids, labels }: { ids: Int32Array; labels: Int32Array }) => ({ ids: [...ids], labels: [...labels] })

  it('learns everything but the first token when prompts are to be learned too', async () => {
    const file = join(fixtures, 'rows.jsonl')
    const all = { maxLength: golden.max_length, completionOnlyLoss: false }
    for (const { ids, labels } of await readExamples({ file, mapping: completion }, tokenizer, all))
      expect([...labels]).toEqual([-100, ...ids.slice(1)])
  })

  it('has no targets in an empty row, and EOS as the target of an empty completion', async () => {
    const eos = tokenizer.eosTokenId!
    const [empty] = await examplesOf('{"text":""}\n', text)
    expect({ ...plain(empty!), supervised: empty!.supervised }).toEqual({ ids: [eos], labels: [-100], supervised: 0 })
    const [silent] = await examplesOf('{"prompt":"a","completion":null}\n', completion)
    expect(silent).toMatchObject({ supervised: 1, truncated: false, wholeLength: 2 })
  })

  it('learns each answer of a conversation, and EOS after the last alone', async () => {
    const turns = ['Who?', 'Odo.', 'When?', 'At six.'].map((content, at) => ({
      role: at % 2 === 0 ? 'user' : 'assistant',
      content,
    }))
    const content = `${JSON.stringify({ m: turns })}\n${JSON.stringify({ m: turns.slice(0, 3) })}\n`
    const [answered, asked] = await examplesOf(content, { kind: 'messages', messages: 'm' })
    const learned = await tokenizer.decode(
      [...answered!.labels].filter((label) => label !== -100),
      {
        skipSpecialTokens: false,
      },
    )
    expect(learned).toBe(' Odo. At six.<|endoftext|>')
    const last = [...asked!.labels].filter((label) => label !== -100)
    expect(await tokenizer.decode(last, { skipSpecialTokens: false })).toBe(' Odo.')
  })

  it('appends nothing to what a chat template made', async () => {
    const renderChat: Tokenizer['renderChat'] = (turns, { addGenerationPrompt }) =>
      turns.map(({ role, content }) => `${role}: ${content}!\n`).join('') + (addGenerationPrompt ? 'assistant:' : '')
    const templated = { ...tokenizer, chatTemplate: 'a template', renderChat }
    const turns = [
      { role: 'user', content: 'Who?' },
      { role: 'assistant', content: 'Odo.' },
    ]
    const mapping: RowMapping = { kind: 'messages', messages: 'm' }
    const [example] = await examplesOf(`${JSON.stringify({ m: turns })}\n`, mapping, templated)
    expect(plain(example!).ids).toEqual(await tokenizer.encode('user: Who?!\nassistant: Odo.!\n'))
    const learned = [...example!.labels].filter((label) => label !== -100)
    expect(await tokenizer.decode(learned, { skipSpecialTokens: false })).toBe(' Odo.!\n')
  })

  it('reads many rows in their order', async () => {
    const content = Array.from({ length: 1500 }, (_, row) => `{"text":"${'x'.repeat(row % 7)}"}\n`).join('')
    const lengths = (await examplesOf(content, text)).map(({ ids }) => ids.length)
    expect(lengths).toHaveLength(1500)
    const ofSeven = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((count) => tokenizer.encode('x'.repeat(count))))
    expect(lengths).toEqual(lengths.map((_, row) => ofSeven[row % 7]!.length + 1))
  })

  it.each([
    ['{"text":"a"}\n{"text":\n', /^Row 2: not a JSON object/],
    ['{"text":"a"}\n3\n', /^Row 2 of .* is not a JSON object/],
  ])('says which row is wrong', async (content, sentence) => {
    await expect(examplesOf(content, text)).rejects.toMatchObject({
      code: 'bad_data',
      message: expect.stringMatching(sentence),
    })
  })

  it('says which conversation is wrong, and that rows are gone', async () => {
    const messages: RowMapping = { kind: 'messages', messages: 'm' }
    const wrong = examplesOf('{"m":[{"role":"user","content":"a"}]}\n{"m":"hi"}\n', messages)
    await expect(wrong).rejects.toThrow('Row 2: the conversation is not a list of messages.')
    const gone = readExamples({ file: join(folder, 'none.jsonl'), mapping: text }, tokenizer, options)
    await expect(gone).rejects.toMatchObject({ code: 'bad_data', message: expect.stringContaining('gone') })
  })

  it('can be given up', async () => {
    const signal = AbortSignal.abort(new Error('given up'))
    const file = join(fixtures, 'rows-text.jsonl')
    await expect(readExamples({ file, mapping: text }, tokenizer, { ...options, signal })).rejects.toThrow('given up')
  })
})
