import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ExportManifest } from '../../../shared/contract'
import { checkRoom } from '../files/folder'
import type { ExportSpec } from '../protocol'
import { type Checkpoint, openCheckpoint } from '../weights/checkpoint'
import { readAdapter } from '../weights/peft'
import { readBytes, readFloat32 } from '../weights/safetensors'
import { control } from './control'
import { exportModel } from './export'
import { mergedExport } from './export-merged'

const fixtures = join(import.meta.dirname, '../../../../tests/fixtures')
const tiny = (name: string) => join(fixtures, 'gpt2-tiny', name)
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'))
})
afterEach(() => rm(folder, { recursive: true }))

const spec = (changes: Partial<ExportSpec>): ExportSpec => ({
  model: { folder: tiny('model'), adapter: tiny('adapter-random') },
  format: 'safetensors',
  dtype: null,
  folder: join(folder, 'exported'),
  overwrite: false,
  sourceName: 'Tuned',
  ...changes,
})

async function run(changes: Partial<ExportSpec>) {
  const events = []
  for await (const event of exportModel(spec(changes), control())) events.push(event)
  const last = events.at(-1)
  if (last?.type !== 'done') throw new Error('The export did not finish.')
  return { manifest: last.manifest, progress: events.slice(0, -1) }
}

const values = async ({ tensors }: Checkpoint, name: string) => readFloat32(tensors.get(name)!)

/** Compared as bytes: many values one by one would take long. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength)

/** W + (alpha / r) · B·A of one matrix, stored [inputs, outputs], by the definition. */
async function expectedMatrix(path: string): Promise<Float32Array> {
  const { config, modules } = await readAdapter(tiny('adapter-random'))
  const { a, b, inputs, outputs } = modules.find((module) => module.path === path)!
  const [A, B, W] = [
    await readFloat32(a),
    await readFloat32(b),
    await values(await openCheckpoint(tiny('model')), `${path}.weight`),
  ]
  return W.map((weight, at) => {
    const [i, o] = [Math.floor(at / outputs), at % outputs]
    let sum = 0
    for (let k = 0; k < config.r; k++) sum += B[o * config.r + k]! * A[k * inputs + i]!
    return weight + (config.alpha / config.r) * sum
  })
}

describe('a merged model', () => {
  it('adds the adapter to its matrices and leaves the rest alone', async () => {
    await run({})
    const [base, merged] = await Promise.all([openCheckpoint(tiny('model')), openCheckpoint(join(folder, 'exported'))])
    expect([...merged.tensors.keys()].sort()).toEqual([...base.tensors.keys()].sort())
    const { modules } = await readAdapter(tiny('adapter-random'))
    const changed = new Set(modules.map(({ path }) => `${path}.weight`))
    for (const name of base.tensors.keys()) {
      const expected = changed.has(name)
        ? await expectedMatrix(name.replace(/\.weight$/, ''))
        : await values(base, name)
      expect(bytesOf(await values(merged, name)).equals(bytesOf(expected)), name).toBe(true)
    }
  })

  it.each([
    ['f16', 'F16', 'float16'],
    ['bf16', 'BF16', 'bfloat16'],
    ['f32', 'F32', 'float32'],
  ] as const)('is written as %s, and its configuration says so', async (dtype, stored, name) => {
    const { manifest } = await run({ dtype, model: { folder: tiny('model-f16'), adapter: null } })
    expect(manifest.dtype).toBe(dtype)
    const { tensors, config } = await openCheckpoint(join(folder, 'exported'))
    expect(new Set([...tensors.values()].map((tensor) => tensor.dtype))).toEqual(new Set([stored]))
    expect(config).toMatchObject({ dtype: name, n_embd: 32 })
  })

  it("keeps the base's own type, bit for bit where nothing is merged", async () => {
    const { manifest } = await run({ model: { folder: tiny('model-bf16'), adapter: null } })
    expect(manifest.dtype).toBe('bf16')
    const [base, written] = await Promise.all(
      [tiny('model-bf16'), join(folder, 'exported')].map((path) => openCheckpoint(path)),
    )
    for (const [name, entry] of base!.tensors)
      expect(bytesOf(await readBytes(written!.tensors.get(name)!)).equals(await readBytes(entry)), name).toBe(true)
  })

  it('is sharded when it is large, with an index', async () => {
    const { write } = await mergedExport(spec({}), 40_000)
    for await (const _ of write(folder));
    const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).sort()
    expect(names.length).toBeGreaterThan(2)
    expect(names[0]).toBe(`model-00001-of-0000${names.length}.safetensors`)
    const index = JSON.parse(await readFile(join(folder, 'model.safetensors.index.json'), 'utf8'))
    const sharded = await openCheckpoint(folder)
    expect(index.metadata.total_size).toBe(
      [...sharded.tensors.values()].reduce((sum, entry) => sum + entry.byteLength, 0),
    )
    const path = 'transformer.h.1.mlp.c_fc'
    expect(bytesOf(await values(sharded, `${path}.weight`)).equals(bytesOf(await expectedMatrix(path)))).toBe(true)
  })

  it('finds the matrices of a checkpoint under its published names', async () => {
    const base = join(fixtures, 'gpt2-variants', 'hub-names')
    await run({ model: { folder: base, adapter: null } })
    const written = await openCheckpoint(join(folder, 'exported'))
    expect([...written.tensors.keys()].sort()).toEqual([...(await openCheckpoint(base)).tensors.keys()].sort())
  })

  it('takes the tokenizer along', async () => {
    const { manifest } = await run({})
    expect(manifest.files.map(({ name }) => name)).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
  })
})

describe('an adapter', () => {
  it('is written as it was trained, with the tokenizer and a card', async () => {
    const { manifest } = await run({ format: 'peft' })
    expect(manifest.files.map(({ name }) => name)).toEqual([
      'README.md',
      'adapter_config.json',
      'adapter_model.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    const [before, after] = [await readAdapter(tiny('adapter-random')), await readAdapter(join(folder, 'exported'))]
    expect(after.config).toEqual(before.config)
    for (const { path, a } of before.modules) {
      const written = after.modules.find((module) => module.path === path)!
      expect(written.a.name).toBe(`base_model.model.${path}.lora_A.weight`)
      expect(await readFloat32(written.a)).toEqual(await readFloat32(a))
    }
  })

  it('must be there, takes no dtype, and must belong to the model', async () => {
    const whole = { folder: tiny('model'), adapter: null }
    await expect(run({ format: 'peft', model: whole })).rejects.toMatchObject({ code: 'bad_arguments' })
    await expect(run({ format: 'peft', dtype: 'f16' })).rejects.toMatchObject({ code: 'bad_arguments' })
    const other = { folder: join(fixtures, 'gpt2-variants', 'relu'), adapter: tiny('adapter-random') }
    for (const format of ['peft', 'safetensors'] as const)
      await expect(run({ format, model: other })).rejects.toMatchObject({
        code: 'bad_model',
        message: expect.stringContaining('belongs to another model'),
      })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('the folder', () => {
  it('has a manifest with the sum of every file', async () => {
    const { manifest, progress } = await run({})
    const target = join(folder, 'exported')
    expect(ExportManifest.parse(JSON.parse(await readFile(join(target, 'manifest.json'), 'utf8')))).toEqual(manifest)
    expect(manifest).toMatchObject({ format: 'safetensors', source: 'Tuned', folder: target, dtype: 'f32' })
    for (const { name, sizeBytes, sha256 } of manifest.files) {
      const bytes = await readFile(join(target, name))
      expect(bytes.length).toBe(sizeBytes)
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
    }
    const written = progress.map((event) => (event.type === 'progress' ? event.bytesWritten / event.bytesTotal : 0))
    expect(written).toEqual([...written].sort((a, b) => a - b))
    expect(written.at(-1)).toBe(1)
  })

  it('is not written over, unless it may and is an earlier export', async () => {
    await run({ format: 'peft' })
    await expect(run({})).rejects.toMatchObject({ code: 'bad_arguments', message: expect.stringContaining('already') })
    await run({ overwrite: true })
    expect(await readdir(folder)).toEqual(['exported'])
    expect(await readdir(join(folder, 'exported'))).not.toContain('adapter_config.json')
  })

  it('is never a folder of other things, even when it may be overwritten', async () => {
    await mkdir(join(folder, 'exported'))
    await run({ overwrite: true })
    await rm(join(folder, 'exported', 'manifest.json'))
    await writeFile(join(folder, 'exported', 'thesis.txt'), 'mine')
    await expect(run({ overwrite: true })).rejects.toThrow('not an earlier export')
    expect(await readFile(join(folder, 'exported', 'thesis.txt'), 'utf8')).toBe('mine')
  })

  it('never replaces the model that is exported, nor a folder that holds it', async () => {
    const source = join(folder, 'models', 'mine')
    await cp(tiny('model'), source, { recursive: true })
    for (const target of [source, join(folder, 'models')])
      await expect(run({ model: { folder: source, adapter: null }, folder: target, overwrite: true })).rejects.toThrow(
        'holds the model that is exported',
      )
    await openCheckpoint(source)
  })

  it('is not there after a stop, nor anything else', async () => {
    const stopped = control()
    const events = []
    for await (const event of exportModel(spec({}), stopped)) {
      events.push(event.type)
      stopped.stop()
    }
    expect(events).toEqual(['progress'])
    expect(await readdir(folder)).toEqual([])
  })

  it('is not there after a failure in the middle, and an earlier export still is', async () => {
    const source = join(folder, 'model')
    await cp(tiny('model'), source, { recursive: true })
    await run({ model: { folder: source, adapter: null } })
    const before = await readFile(join(folder, 'exported', 'manifest.json'), 'utf8')
    const events = exportModel(spec({ model: { folder: source, adapter: null }, overwrite: true }), control())
    await events.next()
    await writeFile(join(source, 'model.safetensors'), 'cut off')
    await expect(
      (async () => {
        for await (const _ of events);
      })(),
    ).rejects.toMatchObject({ code: 'bad_model' })
    expect((await readdir(folder)).sort()).toEqual(['exported', 'model'])
    expect(await readFile(join(folder, 'exported', 'manifest.json'), 'utf8')).toBe(before)
  })

  it('says in a sentence why it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(run({ folder: join(folder, 'file', 'exported') })).rejects.toMatchObject({
      code: 'disk',
      message: expect.stringMatching(/^Cannot write .*file of that name is in the way/),
    })
    await expect(checkRoom(folder, 1e18)).rejects.toMatchObject({
      code: 'disk',
      message: expect.stringContaining('too little room'),
    })
  })

  it.skipIf(process.getuid?.() === 0)('says that there is no permission', async () => {
    await chmod(folder, 0o500)
    await expect(run({})).rejects.toMatchObject({ code: 'disk', message: expect.stringContaining('permission') })
    await chmod(folder, 0o700)
  })
})
