/**
 * Model folders that cannot be used, each the tiny model with one thing broken. What can be seen from outside is refused
 * at the door; what shows only when the model is opened fails the run, with the same one sentence.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, fixture, openBench, tinyModel } from '../cli/support/camelot'
import { copyOfModel, editBytes, editHeader, type Json, setJson, setTensor, withHeader } from './support/model-folders'
import { expectRefusal } from './support/refusals'

let bench: Bench
const sharded = fixture('gpt2-tiny/model-sharded')
const index = 'model.safetensors.index.json'
const lastBias = 'transformer.ln_f.bias'
const embedding = 'transformer.wte.weight'

beforeAll(async () => {
  bench = await openBench()
  await bench.run(['import', fixture('gpt2-tiny/rows.jsonl'), '--name', 'rows'])
})
afterAll(() => bench.close())

type Spoil = (folder: string) => void
type Case = [what: string, spoil: Spoil, sentence: RegExp]

const set =
  (values: Json): Spoil =>
  (folder) =>
    setJson(folder, 'config.json', values)
const without =
  (name: string): Spoil =>
  (folder) =>
    rmSync(join(folder, name))
const write =
  (name: string, content: string | Uint8Array): Spoil =>
  (folder) =>
    writeFileSync(join(folder, name), content)
/** Keeps the first `bytes` of a file; from its end where negative. */
const cut =
  (name: string, bytes: number): Spoil =>
  (folder) =>
    editBytes(folder, name, (file) => file.subarray(0, bytes))
const pointTo =
  (tensor: string, file: string): Spoil =>
  (folder) =>
    setJson(folder, index, ({ weight_map }) => ({ weight_map: { ...(weight_map as Json), [tensor]: file } }))

const seenFromOutside: Case[] = [
  ['no configuration', without('config.json'), /has no config\.json/],
  ['a configuration that breaks off', cut('config.json', 40), /config\.json is not valid JSON/],
  ['a configuration that is a list', write('config.json', '[]'), /config\.json/],
  ['no model_type', set({ model_type: undefined }), /config\.json.*model_type/],
  ['an architecture that we do not know', set({ model_type: 'mamba' }), /config\.json.*"mamba" is not supported/],
  ['no weights', without('model.safetensors'), /has no weights/],
  [
    'only weights as a pickle',
    (folder) => [without('model.safetensors'), write('pytorch_model.bin', 'x')].map((spoil) => spoil(folder)),
    /pickle format/,
  ],
  ['weights that break off', cut('model.safetensors', -100), /model\.safetensors is cut off/],
  ['weights that break off in their header', cut('model.safetensors', 100), /model\.safetensors is cut off/],
  ['empty weights', write('model.safetensors', ''), /model\.safetensors is 0 bytes long/],
  [
    'weights that are something else',
    write('model.safetensors', 'PK\u0003\u0004 and no safetensors file'),
    /is not a safetensors file/,
  ],
  [
    'a header that is not JSON',
    write('model.safetensors', withHeader('{"a":', Buffer.alloc(0))),
    /header of .*model\.safetensors is not valid JSON/,
  ],
  [
    'tensors that overlap',
    (folder) => editHeader(folder, (header) => ({ ...header, second: header[lastBias]! })),
    /overlap/,
  ],
  [
    'a tensor that is not as long as its shape',
    (folder) => setTensor(folder, lastBias, { shape: [33] }),
    /ln_f\.bias.*\[33\]/,
  ],
  ['an unknown type', (folder) => setTensor(folder, lastBias, { dtype: 'F12' }), /ln_f\.bias.*"F12"/],
  ['no tokenizer', without('tokenizer.json'), /has no tokenizer\.json/],
  ['a tokenizer that breaks off', cut('tokenizer.json', 500), /tokenizer\.json is not valid JSON/],
  ['a tokenizer that is something else', write('tokenizer.json', '{"hello": 1}'), /tokenizer\.json is not a tokenizer/],
]

const seenInShards: Case[] = [
  ['a missing shard', without('model-00002-of-00003.safetensors'), /model-00002-of-00003\.safetensors is missing/],
  ['an index that breaks off', cut(index, 60), /index\.json is not valid JSON/],
  [
    'an index without a map',
    (folder) => setJson(folder, index, { weight_map: undefined }),
    /index\.json has no weight_map/,
  ],
  ['an index that points out of the folder', pointTo(embedding, '../model.safetensors'), /wte\.weight in "\.\.\/model/],
  [
    'an index that names the wrong shard',
    pointTo(lastBias, 'model-00001-of-00003.safetensors'),
    /ln_f\.bias in model-00001/,
  ],
  [
    'a shard that breaks off',
    cut('model-00003-of-00003.safetensors', -1),
    /model-00003-of-00003\.safetensors is cut off/,
  ],
]

const moreVocabulary: Spoil = (folder) =>
  setJson(folder, 'tokenizer.json', ({ model }) => {
    const { vocab, ...rest } = model as { vocab: Json }
    const extra = Array.from({ length: 50 }, (_, at) => [`extra-${at}`, 320 + at])
    return { model: { ...rest, vocab: { ...vocab, ...Object.fromEntries(extra) } } }
  })

const renamedTensor: Spoil = (folder) =>
  editHeader(folder, ({ [lastBias]: entry, ...others }) => ({ ...others, 'transformer.other.bias': entry! }))

const seenWhenOpened: Case[] = [
  ['a feature that we lack', set({ add_cross_attention: true }), /config\.json.*add_cross_attention/],
  ['an activation that we lack', set({ activation_function: 'swish9' }), /config\.json.*activation_function/],
  ['a size that is no number', set({ n_layer: 'two' }), /config\.json.*n_layer/],
  ['heads that do not divide the width', set({ n_head: 5 }), /config\.json.*n_head/],
  ['a layer too many in the configuration', set({ n_layer: 3 }), /no tensor transformer\.h\.2\./],
  ['a missing tensor', renamedTensor, /no tensor transformer\.ln_f\.bias/],
  [
    'tensors of another shape',
    (folder) => setTensor(folder, 'transformer.h.0.attn.c_attn.weight', { shape: [96, 32] }),
    /c_attn\.weight.*96/,
  ],
  ['another width in the configuration', set({ n_embd: 64 }), /transformer\.\S+.*32/],
  ['weights in whole numbers', (folder) => setTensor(folder, lastBias, { dtype: 'I32' }), /transformer\.ln_f\.bias/],
  ['a tokenizer with more entries than the model', moreVocabulary, /tokenizer.*320|320.*tokenizer/],
  [
    'a tokenizer of an unknown kind',
    (folder) => setJson(folder, 'tokenizer.json', ({ model }) => ({ model: { ...(model as Json), type: 'Magic' } })),
    /tokenizer\.json/,
  ],
]

const folderFor = (what: string) => bench.at('models', what.replaceAll(' ', '-'))

describe('refuses at the door', () => {
  it.each(seenFromOutside)('%s', async (what, spoil, sentence) => {
    const folder = copyOfModel(folderFor(what))
    spoil(folder)
    await expectRefusal(bench, { words: ['import', folder, '--json'], status: 1, sentence })
  })

  it.each(seenInShards)('%s', async (what, spoil, sentence) => {
    const folder = copyOfModel(folderFor(what), sharded)
    spoil(folder)
    await expectRefusal(bench, {
      words: ['train', '--model', folder, '--dataset', 'rows', '--json'],
      status: 1,
      sentence,
    })
  })

  it('and keeps none of them in the catalogue', async () => {
    const models = (await bench.run(['models', '--json'])).json()
    expect(models.filter(({ bundled }) => !bundled)).toEqual([])
    expect((await bench.run(['runs', '--json'])).json()).toEqual([])
  })
})

describe('refuses on opening', () => {
  it.each(seenWhenOpened)('%s', async (what, spoil, sentence) => {
    const folder = copyOfModel(folderFor(what))
    spoil(folder)
    await expectRefusal(bench, {
      words: ['train', '--model', folder, '--dataset', 'rows', '--max-steps', '1'],
      status: 1,
      sentence,
    })
  })
})

it('eval and generate refuse it too', async () => {
  const [what, spoil, sentence] = seenWhenOpened[0]!
  const folder = copyOfModel(folderFor(`${what} twice`))
  spoil(folder)
  await expectRefusal(bench, { words: ['eval', '--model', folder, '--dataset', 'rows'], status: 1, sentence })
  await expectRefusal(bench, { words: ['generate', '--model', folder, '--prompt', 'x'], status: 1, sentence })
})

describe('refuses adapters', () => {
  const train = (...words: string[]) => [
    'train',
    '--model',
    tinyModel,
    '--dataset',
    'rows',
    '--max-steps',
    '1',
    ...words,
  ]

  beforeAll(() => mkdirSync(bench.at('adapters'), { recursive: true }))

  it.each<Case>([
    ['a folder that holds none', without('adapter_config.json'), /has no adapter_config\.json/],
    ['no weights', without('adapter_model.safetensors'), /has no adapter_model\.safetensors/],
    ['weights that break off', cut('adapter_model.safetensors', -8), /adapter_model\.safetensors is cut off/],
    ['another rank than its weights have', (folder) => setJson(folder, 'adapter_config.json', { r: 8 }), /r = 8/],
    ['a kind that we lack', (folder) => setJson(folder, 'adapter_config.json', { use_dora: true }), /use_dora/],
  ])('%s', async (what, spoil, sentence) => {
    const folder = copyOfModel(bench.at('adapters', what.replaceAll(' ', '-')), fixture('gpt2-tiny/adapter'))
    spoil(folder)
    await expectRefusal(bench, { words: train('--init-adapter', folder), status: 1, sentence })
  })

  it('a folder that is not there', async () => {
    await expectRefusal(bench, { words: train('--init-adapter', 'nowhere'), status: 1, sentence: /nowhere/ })
  })

  it('targets that the model does not have', async () => {
    await expectRefusal(bench, { words: train('--target-modules', 'q_proj'), status: 2, sentence: /q_proj/ })
  })
})
