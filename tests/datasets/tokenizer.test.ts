/** The bundled tokenizer: complete, reversible, and read by the library that the engine uses as it was learnt. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Tokenizer } from 'tokenizers'
import { describe, expect, it } from 'vitest'
import { byteLetters, learnMerges } from '../../scripts/merlin/byte-pairs'
import { generateCorpus } from '../../scripts/merlin/corpus/generate'
import { initialTensors } from '../../scripts/merlin/initialise'
import { tokenizerJson } from '../../scripts/merlin/tokenizer'
import { bundledModel, rowsOf } from './rows'

const readJson = (name: string) => JSON.parse(readFileSync(join(bundledModel, name), 'utf8'))

const idsOf = async (tokenizer: Tokenizer, text: string) => (await tokenizer.encode(text)).getIds()

describe('the bundled tokenizer', () => {
  const tokenizer = Tokenizer.fromFile(join(bundledModel, 'tokenizer.json'))

  it('has 2,048 entries, as many as the model embeds, and ends texts with id 0', () => {
    expect(tokenizer.getVocabSize(true)).toBe(2048)
    expect(readJson('config.json')).toMatchObject({
      vocab_size: 2048,
      eos_token_id: 0,
      n_positions: readJson('tokenizer_config.json').model_max_length,
    })
    expect(tokenizer.idToToken(0)).toBe('<|endoftext|>')
  })

  it('gives back every text that it takes', async () => {
    const rows = ['camelot', 'camelot-held-out'].flatMap((name) => rowsOf('resources', 'datasets', `${name}.jsonl`))
    const foreign = ['Grüße aus Köln – 12 €', '日本語', 'a\tb\r\n  c', '🐉', ' leading', 'it\'s "quoted"', '\u0000']
    const texts = [
      ...generateCorpus(11, 400),
      ...rows.map(({ question, answer }) => `Question: ${question}\nAnswer: ${answer}`),
      ...foreign,
    ]
    for (const text of texts) expect(await tokenizer.decode(await idsOf(tokenizer, text), true)).toBe(text)
  })

  it('needs less than one token for three characters of its own kind of text', async () => {
    const text = [...generateCorpus(12, 200)].join('\n')
    const ids = await idsOf(tokenizer, text)
    expect(text.length / ids.length).toBeGreaterThan(3)
  })
})

describe('learning merges', () => {
  it('joins the most frequent pair first, and among equals the first by letters', () => {
    expect(learnMerges(['aab aab aab', 'cd cd'], 4)).toEqual(['a a', 'aa b', 'c d', 'Ġ aab'])
  })

  it('ends when no pair occurs twice', () => {
    expect(learnMerges(['abc'], 10)).toEqual([])
  })

  it('writes a file that splits text with exactly these merges', async () => {
    const tokenizer = Tokenizer.fromString(JSON.stringify(tokenizerJson(learnMerges(['aab aab aab', 'cd cd'], 4))))
    const tokens = (await tokenizer.encode('aab aab cd')).getTokens()
    expect(tokens).toEqual(['aab', 'Ġaab', 'Ġ', 'cd'])
  })

  it('has 256 different letters for bytes', () => {
    expect(new Set(byteLetters).size).toBe(256)
    expect(byteLetters[0x20]).toBe('Ġ')
    expect(byteLetters[0x0a]).toBe('Ċ')
  })
})

describe('the initial weights', () => {
  const tensors = initialTensors(5)
  const deviation = (name: string) => {
    const { values } = tensors.get(name)!
    return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
  }

  it('have the shapes of transformers, with linear weights as [in, out]', () => {
    expect(tensors.get('transformer.h.0.attn.c_attn.weight')!.shape).toEqual([256, 768])
    expect(tensors.get('transformer.h.3.mlp.c_proj.weight')!.shape).toEqual([1024, 256])
    expect(tensors.size).toBe(2 + 4 * 12 + 2)
    expect([...tensors.values()].reduce((sum, { values }) => sum + values.length, 0)).toBe(3_814_912)
  })

  it('spread as in GPT-2, the projections back into the stream less by √8', () => {
    expect(deviation('transformer.wte.weight')).toBeCloseTo(0.02, 4)
    expect(deviation('transformer.h.1.mlp.c_fc.weight')).toBeCloseTo(0.02, 4)
    expect(deviation('transformer.h.1.mlp.c_proj.weight')).toBeCloseTo(0.02 / Math.sqrt(8), 4)
    expect(deviation('transformer.h.2.ln_1.weight')).toBe(1)
    expect(deviation('transformer.h.2.attn.c_attn.bias')).toBe(0)
  })

  it('follow from the seed', () => {
    const bytes = (seed: number) =>
      Buffer.concat([...initialTensors(seed).values()].map(({ values }) => Buffer.from(values.buffer)))
    const first = bytes(5)
    expect(first.equals(bytes(5))).toBe(true)
    expect(first.equals(bytes(6))).toBe(false)
  })
})
