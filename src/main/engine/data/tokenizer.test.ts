import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTokenizer } from './tokenizer'

const model = join(import.meta.dirname, '../../../../tests/fixtures/gpt2-tiny/model')
const endOfText = 319
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokenizer-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** A copy of the model's small files, with others added or replaced. */
async function modelWith(files: Record<string, unknown>) {
  await cp(model, folder, { recursive: true })
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return folder
}

describe('ids and text', () => {
  it('encodes as the reference does, and decodes greedy text as it did', async () => {
    const tokenizer = await openTokenizer(model)
    const golden = JSON.parse(await readFile(join(model, '..', 'golden.json'), 'utf8'))
    for (const { prompt, prompt_ids, new_ids, text } of golden.generation) {
      expect(await tokenizer.encode(prompt)).toEqual(prompt_ids)
      expect(await tokenizer.decode(new_ids, { skipSpecialTokens: true })).toBe(text)
      const stream = tokenizer.textStream({ skipSpecialTokens: true })
      expect(new_ids.map(stream.push).join('') + stream.end()).toBe(text)
    }
  })

  it('encodes many texts as it encodes each', async () => {
    const tokenizer = await openTokenizer(model)
    const texts = ['Hail.', '', ' é🙂', 'a'.repeat(5000)]
    expect(await tokenizer.encodeAll(texts)).toEqual(await Promise.all(texts.map((text) => tokenizer.encode(text))))
  })

  it('shows or skips special tokens', async () => {
    const tokenizer = await openTokenizer(model)
    const ids = [...(await tokenizer.encode('Hail')), endOfText]
    for (const skipSpecialTokens of [true, false]) {
      const expected = skipSpecialTokens ? 'Hail' : 'Hail<|endoftext|>'
      const stream = tokenizer.textStream({ skipSpecialTokens })
      expect(await tokenizer.decode(ids, { skipSpecialTokens })).toBe(expected)
      expect(ids.map(stream.push).join('') + stream.end()).toBe(expected)
    }
  })

  it('never streams half a character', async () => {
    const tokenizer = await openTokenizer(model)
    const text = 'Crème 🙂🏰 für alle — 龍'
    const stream = tokenizer.textStream({ skipSpecialTokens: true })
    const pieces = (await tokenizer.encode(text)).map(stream.push)
    expect(pieces.join('')).toBe(text)
    expect(pieces.join('|')).not.toContain('\uFFFD')
    expect(stream.end()).toBe('')
  })

  it('ignores truncation and padding in the file', async () => {
    const content = JSON.parse(await readFile(join(model, 'tokenizer.json'), 'utf8'))
    const truncation = { direction: 'Right', max_length: 2, strategy: 'LongestFirst', stride: 0 }
    const tokenizer = await openTokenizer(await modelWith({ 'tokenizer.json': { ...content, truncation } }))
    expect(await tokenizer.encode('The lamps')).toHaveLength(5)
  })

  it('adds the special tokens of the post-processor, unless told not to', async () => {
    const content = JSON.parse(await readFile(join(model, 'tokenizer.json'), 'utf8'))
    const post_processor = {
      type: 'TemplateProcessing',
      single: [{ SpecialToken: { id: '<|endoftext|>', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
      pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '<|endoftext|>': { id: '<|endoftext|>', ids: [endOfText], tokens: ['<|endoftext|>'] } },
    }
    const tokenizer = await openTokenizer(await modelWith({ 'tokenizer.json': { ...content, post_processor } }))
    expect((await tokenizer.encode('a'))[0]).toBe(endOfText)
    expect(await tokenizer.encode('a', { addSpecialTokens: false })).not.toContain(endOfText)
  })
})

describe('what the folder says', () => {
  it('knows the end of text and the size of the vocabulary', async () => {
    expect(await openTokenizer(model)).toMatchObject({
      eosTokenId: endOfText,
      stopTokenIds: [endOfText],
      vocabularySize: 320,
      chatTemplate: null,
    })
  })

  it('takes the end of text from the first file that names it, and every token that ends an answer', async () => {
    const named = { eos_token: { content: '!', __type: 'AddedToken' } }
    const generation = { eos_token_id: [1, 2] }
    await modelWith({ 'tokenizer_config.json': named, 'generation_config.json': generation })
    expect(await openTokenizer(folder)).toMatchObject({ eosTokenId: 0, stopTokenIds: [0, 1, 2, endOfText] })
    await modelWith({ 'tokenizer_config.json': {}, 'generation_config.json': generation })
    expect((await openTokenizer(folder)).eosTokenId).toBe(1)
    await modelWith({ 'tokenizer_config.json': {}, 'generation_config.json': {}, 'config.json': {} })
    expect(await openTokenizer(folder)).toMatchObject({ eosTokenId: null, stopTokenIds: [] })
  })

  it.each([
    ['is missing', null, 'is missing'],
    ['is not JSON', '{"model":', 'is not a tokenizer that can be used'],
    ['is something else', '{"rows":[]}', 'is not a tokenizer that can be used'],
  ])('refuses a tokenizer.json that %s', async (_, content, sentence) => {
    if (content === null) await rm(join(await modelWith({}), 'tokenizer.json'))
    else await modelWith({ 'tokenizer.json': content })
    await expect(openTokenizer(folder)).rejects.toMatchObject({
      code: 'bad_model',
      message: expect.stringContaining(sentence),
    })
  })

  it.each([
    ['{', 'not valid JSON'],
    ['[]', 'not a JSON object'],
  ])('refuses settings that are %s', async (content, sentence) => {
    await modelWith({ 'tokenizer_config.json': content })
    await expect(openTokenizer(folder)).rejects.toThrow(sentence)
  })
})

describe('the chat template', () => {
  const turns = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hail!' },
  ] as const
  const template =
    '{% for m in messages %}<{{ m.role }}>{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}'
  const rendered = '<system>Be brief.<|endoftext|><user>Hail!<|endoftext|>'

  it.each<[string, Record<string, unknown>]>([
    ['in the settings', { 'tokenizer_config.json': { eos_token: '<|endoftext|>', chat_template: template } }],
    [
      'among several in the settings',
      {
        'tokenizer_config.json': {
          eos_token: '<|endoftext|>',
          chat_template: [
            { name: 'tool_use', template: 'no' },
            { name: 'default', template },
          ],
        },
      },
    ],
    ['in a file of its own', { 'chat_template.jinja': template }],
  ])('is found %s', async (_, files) => {
    const tokenizer = await openTokenizer(await modelWith(files))
    expect(tokenizer.renderChat(turns, { addGenerationPrompt: false })).toBe(rendered)
    expect(tokenizer.renderChat(turns, { addGenerationPrompt: true })).toBe(`${rendered}<assistant>`)
  })

  it('says in a sentence that it is broken, that it refuses, and that there is none', async () => {
    const render = async (text: string) =>
      (await openTokenizer(await modelWith({ 'chat_template.jinja': text }))).renderChat(turns, {
        addGenerationPrompt: false,
      })
    await expect(render('{% for %}')).rejects.toMatchObject({ code: 'bad_model' })
    await expect(render("{{ raise_exception('no system turns') }}")).rejects.toMatchObject({
      code: 'bad_data',
      message: expect.stringContaining('no system turns'),
    })
    const without = await openTokenizer(model)
    expect(() => without.renderChat(turns, { addGenerationPrompt: false })).toThrow('has no chat template')
  })
})
