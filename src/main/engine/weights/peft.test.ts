import { readdirSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Adapter, type AdapterTensor, readAdapter, writeAdapter } from './peft'
import { readFloat32, readHeader } from './safetensors'
import { writeSafetensors } from './safetensors-writer'

const fixtures = join(import.meta.dirname, '../../../../tests/fixtures/gpt2-tiny')
/** Adapters of every kind, as peft wrote them. */
const variants = readdirSync(join(fixtures, '../adapters'))
  .filter((name) => !name.includes('.'))
  .map((name) => `adapters/${name}`)
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peft-'))
})
afterEach(() => rm(folder, { recursive: true }))

const configFile = () => join(folder, 'adapter_config.json')

/** Shapes and values of an adapter's tensors, by name. */
async function content(at: string) {
  const { tensors } = await readHeader(join(at, 'adapter_model.safetensors'))
  const all = tensors.map(async (entry) => [entry.name, entry.shape, [...(await readFloat32(entry))]] as const)
  return Object.fromEntries((await Promise.all(all)).map(([name, ...rest]) => [name, rest]))
}

/** A copy of a real adapter with some fields of its configuration changed. */
async function adapterWith(changes: Record<string, unknown>): Promise<string> {
  await cp(join(fixtures, 'adapter-random'), folder, { recursive: true })
  const config = JSON.parse(await readFile(configFile(), 'utf8'))
  await writeFile(configFile(), JSON.stringify({ ...config, ...changes }))
  return folder
}

describe('readAdapter', () => {
  it('reads what peft wrote', async () => {
    const { config, modules } = await readAdapter(join(fixtures, 'adapter-random'))
    expect(config).toMatchObject({ r: 4, alpha: 8, dropout: 0, fanInFanOut: true })
    expect([...config.targetModules].sort()).toEqual(['c_attn', 'c_fc', 'c_proj'])
    expect(modules).toHaveLength(8)
    const sizes = Object.fromEntries(modules.map(({ path, inputs, outputs }) => [path, [inputs, outputs]]))
    expect(sizes['transformer.h.1.attn.c_attn']).toEqual([32, 96])
    expect(sizes['transformer.h.0.mlp.c_proj']).toEqual([128, 32])
  })

  it.each([
    ['use_dora', true],
    ['lora_bias', true],
    ['rank_pattern', { c_attn: 2 }],
    ['alpha_pattern', { c_attn: 'much' }],
    ['bias', 'some'],
    ['modules_to_save', ['wte']],
    ['layer_replication', [[0, 1]]],
    ['trainable_token_indices', [1]],
    ['peft_type', 'IA3'],
    ['task_type', 'SEQ_CLS'],
    ['init_lora_weights', 'pissa'],
    ['something_new', { on: true }],
    ['r', 0],
    ['lora_alpha', '8'],
  ])('refuses %s = %j by name', async (name, value) => {
    const read = readAdapter(await adapterWith({ [name]: value }))
    await expect(read).rejects.toMatchObject({ code: 'bad_model', message: expect.stringContaining(name) })
  })

  it('refuses matrices that do not fit the rank', async () => {
    await expect(readAdapter(await adapterWith({ r: 8 }))).rejects.toThrow('r = 8')
  })

  it('says what is missing', async () => {
    await expect(readAdapter(folder)).rejects.toThrow('has no adapter_config.json')
    await adapterWith({})
    await rm(join(folder, 'adapter_model.safetensors'))
    await expect(readAdapter(folder)).rejects.toThrow('has no adapter_model.safetensors')
  })

  it('refuses tensors that are no LoRA matrices, and a half of a pair', async () => {
    await adapterWith({})
    const tensor = (name: string) => ({ name, dtype: 'F32' as const, shape: [4, 4], data: () => new Float32Array(16) })
    const write = (name: string) => writeSafetensors(join(folder, 'adapter_model.safetensors'), [tensor(name)])
    await write('base_model.model.transformer.wte.lora_embedding_A')
    await expect(readAdapter(folder)).rejects.toThrow('lora_embedding_A')
    await write('base_model.model.transformer.h.0.attn.c_attn.lora_A.weight')
    await expect(readAdapter(folder)).rejects.toThrow('only one of the two matrices')
  })
})

it('takes a bias that peft writes three times for one', async () => {
  await adapterWith({ bias: 'all', modules_to_save: ['ln_f'], target_modules: ['c_attn'] })
  const shapes: Record<string, number[]> = {
    'h.0.attn.c_attn.lora_A.weight': [4, 32],
    'h.0.attn.c_attn.lora_B.weight': [96, 4],
    'h.0.attn.c_attn.base_layer.bias': [96],
    'ln_f.weight': [32],
    'ln_f.bias': [32],
    'ln_f.modules_to_save.bias': [32],
    'ln_f.original_module.bias': [32],
  }
  const tensors = Object.entries(shapes).map(([name, shape]) => ({
    name: `base_model.model.transformer.${name}`,
    dtype: 'F32' as const,
    shape,
    data: () => new Float32Array(shape.reduce((size, side) => size * side, 1)),
  }))
  await writeSafetensors(join(folder, 'adapter_model.safetensors'), tensors)
  expect([...(await readAdapter(folder)).replaced].sort()).toEqual([
    'transformer.h.0.attn.c_attn.bias',
    'transformer.ln_f.bias',
    'transformer.ln_f.weight',
  ])
})

describe('writeAdapter', () => {
  const tensors = async (adapter: Adapter): Promise<AdapterTensor[]> =>
    Promise.all(
      [...adapter.tensors].map(async ([name, entry]) => ({ name, shape: entry.shape, data: await readFloat32(entry) })),
    )

  it.each(['gpt2-tiny/adapter-random', ...variants])(
    'writes %s under the same names, in the same layout',
    async (name) => {
      const source = join(fixtures, '..', name)
      const before = await readAdapter(source)
      await writeAdapter(folder, before.config, await tensors(before))
      expect(await content(folder)).toEqual(await content(source))
      const after = await readAdapter(folder)
      expect(after.config).toEqual(before.config)
      expect(after.replaced).toEqual(before.replaced)
    },
  )

  it('names every module where no targets are given', async () => {
    const { config } = await readAdapter(join(fixtures, 'adapter-random'))
    const path = 'transformer.h.0.attn.c_attn'
    await writeAdapter(folder, { ...config, r: 1, alpha: 2, dropout: 0.1, targetModules: [] }, [
      { name: `${path}.lora_A.weight`, shape: [1, 2], data: new Float32Array(2) },
      { name: `${path}.lora_B.weight`, shape: [3, 1], data: new Float32Array(3) },
    ])
    const json = JSON.parse(await readFile(configFile(), 'utf8'))
    expect(json).toMatchObject({ target_modules: [path], lora_alpha: 2, lora_dropout: 0.1, task_type: 'CAUSAL_LM' })
    expect((await readAdapter(folder)).modules[0]).toMatchObject({ inputs: 2, outputs: 3, r: 1, scale: 2 })
  })
})
