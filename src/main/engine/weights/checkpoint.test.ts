import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCheckpoint } from './checkpoint'
import { readBytes } from './safetensors'

const fixtures = join(import.meta.dirname, '../../../../tests/fixtures/gpt2-tiny')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'))
})
afterEach(() => rm(folder, { recursive: true }))

const copyOf = (name: string) => cp(join(fixtures, name), folder, { recursive: true })
const indexFile = () => join(folder, 'model.safetensors.index.json')
async function changeIndex(change: (map: Record<string, unknown>) => void) {
  await copyOf('model-sharded')
  const index = JSON.parse(await readFile(indexFile(), 'utf8'))
  change(index.weight_map)
  await writeFile(indexFile(), JSON.stringify(index))
}
const refusal = (sentence: RegExp) => ({ code: 'bad_model', message: expect.stringMatching(sentence) })

describe('a folder that can be used', () => {
  it('has the same weights in one file and in shards', async () => {
    const [whole, sharded] = await Promise.all(
      ['model', 'model-sharded'].map((name) => openCheckpoint(join(fixtures, name))),
    )
    expect(sharded!.files).toHaveLength(3)
    expect([...sharded!.tensors.keys()].sort()).toEqual([...whole!.tensors.keys()].sort())
    for (const [name, entry] of whole!.tensors)
      expect(Buffer.compare(await readBytes(sharded!.tensors.get(name)!), await readBytes(entry)), name).toBe(0)
    expect(whole!.config).toMatchObject({ model_type: 'gpt2' })
  })

  it('may have symbolic links, which are followed', async () => {
    await writeFile(join(folder, 'config.json'), '{}')
    await symlink(join(fixtures, 'model', 'model.safetensors'), join(folder, 'model.safetensors'))
    const { files } = await openCheckpoint(folder)
    expect(files[0]!.file).toBe(join(fixtures, 'model', 'model.safetensors'))
  })

  it('may name its one file otherwise', async () => {
    await copyOf('model')
    await rename(join(folder, 'model.safetensors'), join(folder, 'tuned.safetensors'))
    expect((await openCheckpoint(folder)).tensors.size).toBeGreaterThan(0)
  })
})

describe('a folder that cannot', () => {
  it('is not there, or is a file', async () => {
    await expect(openCheckpoint(join(folder, 'none'))).rejects.toMatchObject(refusal(/^There is no folder/))
    await writeFile(join(folder, 'file'), '')
    await expect(openCheckpoint(join(folder, 'file'))).rejects.toMatchObject(refusal(/is a file/))
  })

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['is empty', () => Promise.resolve(), /has no config\.json/],
    [
      'holds an adapter',
      () => cp(join(fixtures, 'adapter'), folder, { recursive: true }),
      /adapter, not a whole model/,
    ],
    [
      'has a broken configuration',
      async () => {
        await copyOf('model')
        await writeFile(join(folder, 'config.json'), '{"n_embd": 3')
      },
      /config\.json is not valid JSON/,
    ],
    [
      'has no weights',
      async () => {
        await copyOf('model')
        await unlink(join(folder, 'model.safetensors'))
      },
      /model\.safetensors is missing/,
    ],
    [
      'has pickled weights alone',
      async () => {
        await writeFile(join(folder, 'config.json'), '{}')
        await writeFile(join(folder, 'pytorch_model.bin'), '')
      },
      /safe_serialization=True/,
    ],
    [
      'has shards without an index',
      async () => {
        await copyOf('model-sharded')
        await unlink(indexFile())
      },
      /shards but no model\.safetensors\.index\.json/,
    ],
    [
      'lacks a shard',
      async () => {
        await copyOf('model-sharded')
        await unlink(join(folder, 'model-00002-of-00003.safetensors'))
      },
      /model-00002-of-00003\.safetensors is missing/,
    ],
    [
      'has a folder in the place of a shard',
      async () => {
        await copyOf('model-sharded')
        await unlink(join(folder, 'model-00002-of-00003.safetensors'))
        await mkdir(join(folder, 'model-00002-of-00003.safetensors'))
      },
      /model-00002-of-00003\.safetensors/,
    ],
    [
      'has an index without a map',
      async () => {
        await copyOf('model-sharded')
        await writeFile(indexFile(), '{"weight_map": {}}')
      },
      /no weight_map/,
    ],
    [
      'has an index that lists what is not there',
      () => changeIndex((map) => Object.assign(map, { extra: 'model-00001-of-00003.safetensors' })),
      /places tensor extra in model-00001-of-00003\.safetensors, which does not hold it/,
    ],
    [
      'has an index that leaves a tensor out',
      () => changeIndex((map) => delete map['transformer.wte.weight']),
      /does not list tensor transformer\.wte\.weight/,
    ],
    [
      'has an index that points outside',
      () => changeIndex((map) => Object.assign(map, { 'transformer.wte.weight': '../other.safetensors' })),
      /"\.\.\/other\.safetensors": expected the name of a \.safetensors file/,
    ],
    [
      'has an index that names no text',
      () => changeIndex((map) => Object.assign(map, { 'transformer.wte.weight': 5 })),
      /in 5: expected the name/,
    ],
  ])('%s', async (_, prepare, sentence) => {
    await prepare()
    await expect(openCheckpoint(folder)).rejects.toMatchObject(refusal(sentence))
  })

  it('has a tensor twice', async () => {
    await copyOf('model-sharded')
    await cp(join(folder, 'model-00001-of-00003.safetensors'), join(folder, 'model-00002-of-00003.safetensors'))
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'bad_model' })
  })
})
