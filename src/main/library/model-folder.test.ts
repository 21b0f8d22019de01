import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { resolveArguments } from '../../shared/contract'
import { modelOf } from '../engine/models'
import { anatomyOf } from '../engine/models/anatomy'
import { openCheckpoint } from '../engine/weights/checkpoint'
import { fingerprintOf, inspectModelFolder, readRecommendations } from './model-folder'
import { countAdapterParameters, countParameters } from './model-parameters'

const fixtures = join(import.meta.dirname, '../../../tests/fixtures/gpt2-tiny')
let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'camelot-model-')), 'model')
  await cp(join(fixtures, 'model'), folder, { recursive: true })
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

test('reads what a sound folder holds', async () => {
  expect(await inspectModelFolder(folder)).toMatchObject({
    architecture: 'GPT-2',
    parameters: 37_760,
    contextLength: 64,
    vocabularySize: 320,
    dtype: 'F32',
    hasChatTemplate: false,
    problem: null,
  })
  expect(await inspectModelFolder(join(fixtures, 'model-sharded'))).toMatchObject({ parameters: 37_760, problem: null })
  expect(await inspectModelFolder(join(fixtures, 'model-bf16'))).toMatchObject({ dtype: 'BF16', problem: null })
})

const change = async (name: string, edit: (content: Record<string, unknown>) => void) => {
  const content = JSON.parse(await readFile(join(folder, name), 'utf8'))
  edit(content)
  await writeFile(join(folder, name), JSON.stringify(content))
}

test.each<[string, () => Promise<void>, RegExp]>([
  ['no config', () => rm(join(folder, 'config.json')), /has no config\.json/],
  ['no weights', () => rm(join(folder, 'model.safetensors')), /has no weights: model\.safetensors is missing/],
  ['no tokenizer', () => rm(join(folder, 'tokenizer.json')), /has no tokenizer\.json/],
  ['a tokenizer of another kind', () => writeFile(join(folder, 'tokenizer.json'), '[]'), /is not a tokenizer/],
  ['a config that is not JSON', () => writeFile(join(folder, 'config.json'), '{'), /config\.json is not valid JSON/],
  ['cut weights', () => writeFile(join(folder, 'model.safetensors'), 'x'), /too short for a safetensors file/],
  ['another architecture', () => change('config.json', (c) => (c.model_type = 'bloom')), /"bloom" is not supported/],
  ['no context', () => change('config.json', (c) => (c.n_positions = 0)), /n_positions/],
  ['cross-attention', () => change('config.json', (c) => (c.add_cross_attention = true)), /cross-attention/],
])('says what is wrong with %s', async (_, spoil, sentence) => {
  await spoil()
  const { problem } = await inspectModelFolder(folder)
  expect(problem).toMatch(sentence)
  expect(problem).toContain(folder)
})

/** A PEFT adapter beside the model, over the base that it names. */
async function adapterOver(base: string | null): Promise<string> {
  const adapter = join(folder, '..', 'adapter')
  await cp(join(fixtures, 'adapter-random'), adapter, { recursive: true })
  const file = join(adapter, 'adapter_config.json')
  const config = JSON.parse(await readFile(file, 'utf8'))
  await writeFile(file, JSON.stringify({ ...config, base_model_name_or_path: base }))
  return adapter
}

test('finds the model under an adapter, by its path or by its name', async () => {
  const facts = { architecture: 'GPT-2', parameters: 37_760, contextLength: 64, base: folder, problem: null }
  expect(await inspectModelFolder(await adapterOver('../model'))).toMatchObject(facts)
  expect(await inspectModelFolder(await adapterOver(folder))).toMatchObject(facts)
  const known = [{ name: 'Tiny', folder }]
  expect(await inspectModelFolder(await adapterOver('tiny'), known)).toMatchObject(facts)
  expect(await inspectModelFolder(await adapterOver('someone/tiny'), known)).toMatchObject(facts)
})

test.each<[string, string | null, RegExp]>([
  [
    'nowhere',
    '../other',
    /over the model "\.\.\/other", which is neither a model folder at .*other nor a model of the/,
  ],
  ['unnamed', null, /base_model_name_or_path is missing/],
  ['another', join(fixtures, '../gpt2-variants/relu'), /has no tokenizer\.json|belongs to another model/],
])('says what is wrong with an adapter whose base is %s', async (_, base, sentence) => {
  expect((await inspectModelFolder(await adapterOver(base))).problem).toMatch(sentence)
})

test('finds a chat template', async () => {
  await change('tokenizer_config.json', (c) => (c.chat_template = '{{ messages }}'))
  expect((await inspectModelFolder(folder)).hasChatTemplate).toBe(true)
})

test('reads recommendations, or says what is wrong with them', async () => {
  const file = join(folder, 'camelot.json')
  expect(await readRecommendations(folder)).toEqual({ training_arguments: {}, sample_prompts: [] })
  await writeFile(file, JSON.stringify({ training_arguments: { learning_rate: 0.002 } }))
  expect((await readRecommendations(folder)).training_arguments).toEqual({ learning_rate: 0.002 })
  await writeFile(file, JSON.stringify({ training_arguments: { learning_rate: 'high' } }))
  await expect(readRecommendations(folder)).rejects.toThrow(/wrong value at training_arguments\.learning_rate/)
})

test('a fingerprint changes with the files', async () => {
  const before = await fingerprintOf(folder)
  expect(await fingerprintOf(folder)).toBe(before)
  await change('config.json', (c) => (c.extra = 1))
  expect(await fingerprintOf(folder)).not.toBe(before)
  expect(await fingerprintOf(join(folder, 'nowhere'))).toBe('missing')
  expect(await fingerprintOf(folder, folder)).not.toBe(await fingerprintOf(folder))
})

test('counts parameters as peft does', async () => {
  const { config } = await openCheckpoint(folder)
  const anatomy = anatomyOf(modelOf(config, 'config.json'))
  const defaults = resolveArguments({}, {}, { contextLength: 64, hasValidationData: false, hasPrompts: true })
  const count = (given: Partial<typeof defaults>) =>
    countAdapterParameters(anatomy, { ...defaults, lora_r: 2, ...given })
  // Two blocks of width 32: c_attn 32→96, attn.c_proj 32→32, c_fc 32→128, mlp.c_proj 128→32.
  expect(count({ target_modules: ['c_attn'] })).toBe(2 * 2 * 128)
  expect(count({ target_modules: ['c_proj'] })).toBe(2 * 2 * (64 + 160))
  expect(count({ target_modules: ['mlp.c_proj', 'c_fc'] })).toBe(2 * 2 * (160 + 160))
  expect(count({})).toBe(2 * 2 * (128 + 64 + 160 + 160))
  expect(count({ target_modules: ['proj'] })).toBe(0)
  expect(count({ target_modules: ['c_attn'], rank_pattern: { 'h.0.attn.c_attn': 3 } })).toBe((3 + 2) * 128)
  expect(count({ target_modules: ['c_attn'], use_dora: true })).toBe(2 * (2 * 128 + 96))
  expect(count({ target_modules: ['c_attn'], bias: 'lora_only' })).toBe(2 * (2 * 128 + 96))
  expect(count({ target_modules: ['c_attn'], modules_to_save: ['ln_1'] })).toBe(2 * (2 * 128 + 64))
})

test('counts neither masks nor a head that is the embedding again', () => {
  const tensors = [
    { name: 'wte.weight', shape: [10, 4] },
    { name: 'lm_head.weight', shape: [10, 4] },
    { name: 'h.0.attn.bias', shape: [1, 1, 8, 8] },
    { name: 'h.0.attn.masked_bias', shape: [] },
    { name: 'h.0.attn.c_attn.bias', shape: [12] },
  ]
  expect(countParameters(tensors, {})).toBe(52)
  expect(countParameters(tensors, { tie_word_embeddings: false })).toBe(92)
})
