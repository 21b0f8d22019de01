import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCheckpoint } from './checkpoint'
import { type PreparedWeights, prepareFloat32 } from './mapped'
import { readFloat32 } from './safetensors'
import { bytesOf, openTensors } from './safetensors-writer'

const fixtures = join(import.meta.dirname, '../../../../tests/fixtures')
const variant = (name: string) => join(fixtures, 'gpt2-tiny', name)
let cache: string
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'weights-'))
})
afterEach(() => rm(cache, { recursive: true }))

/** What ONNX Runtime would map: the bytes at each tensor's offset. */
async function mappedBytes({ folder, tensors }: PreparedWeights): Promise<Map<string, Buffer>> {
  const values = new Map<string, Buffer>()
  for (const { name, file, offset, byteLength } of tensors.values()) {
    const bytes = (await readFile(join(folder, file))).subarray(offset, offset + byteLength)
    expect(offset % 4).toBe(0)
    values.set(name, bytes)
  }
  return values
}

describe('prepareFloat32', () => {
  it.each(['model', 'model-sharded', 'model-f16', 'model-bf16'])('%s: gives the weights as F32', async (name) => {
    const checkpoint = await openCheckpoint(variant(name))
    const values = await mappedBytes(await prepareFloat32(checkpoint, cache))
    expect([...values.keys()].sort()).toEqual([...checkpoint.tensors.keys()].sort())
    for (const entry of checkpoint.tensors.values())
      expect(values.get(entry.name)!.equals(new Uint8Array((await readFloat32(entry)).buffer)), entry.name).toBe(true)
  })

  it('links an F32 file instead of copying it', async () => {
    const source = join(cache, 'model')
    await cp(variant('model'), source, { recursive: true })
    const { folder, tensors } = await prepareFloat32(await openCheckpoint(source), cache)
    const linked = await stat(join(folder, [...tensors.values()][0]!.file))
    expect(linked.ino).toBe((await stat(join(source, 'model.safetensors'))).ino)
  })

  it('converts once and finds the files the next time', async () => {
    const first = await prepareFloat32(await openCheckpoint(variant('model-f16')), cache)
    const file = join(first.folder, [...first.tensors.values()][0]!.file)
    const { mtimeMs } = await stat(file)
    const second = await prepareFloat32(await openCheckpoint(variant('model-f16')), cache)
    expect(second).toEqual(first)
    expect((await stat(file)).mtimeMs).toBe(mtimeMs)
  })

  it('converts again when the source changed, and when a cached file is cut off', async () => {
    const source = join(cache, 'model')
    await cp(variant('model-f16'), source, { recursive: true })
    const first = await prepareFloat32(await openCheckpoint(source), cache)
    await truncate(join(first.folder, 'weights-0.safetensors'), 1000)
    const mended = await prepareFloat32(await openCheckpoint(source), cache)
    expect(mended.folder).toBe(first.folder)
    expect((await mappedBytes(mended)).size).toBe(first.tensors.size)
    await utimes(join(source, 'model.safetensors'), new Date(0), new Date(0))
    expect((await prepareFloat32(await openCheckpoint(source), cache)).folder).not.toBe(first.folder)
  })

  it('leaves one whole folder when several prepare at once', async () => {
    const checkpoint = await openCheckpoint(variant('model-bf16'))
    const all = await Promise.all(Array.from({ length: 6 }, () => prepareFloat32(checkpoint, cache)))
    expect(new Set(all.map((prepared) => prepared.folder)).size).toBe(1)
    expect(await readdir(join(cache, 'weights'))).toHaveLength(1)
    expect((await mappedBytes(all[0]!)).size).toBe(checkpoint.tensors.size)
  })

  it('clears away what a killed process left', async () => {
    await prepareFloat32(await openCheckpoint(variant('model')), cache)
    const dead = join(cache, 'weights', `.${'0'.repeat(32)}.999999999-0123abcd.tmp`)
    await writeFile(dead, 'half')
    await prepareFloat32(await openCheckpoint(variant('model')), cache)
    expect(await readdir(join(cache, 'weights'))).toHaveLength(1)
  })

  it('leaves out stored masks and refuses float types that are not ours', async () => {
    const model = (dtype: 'U8' | 'F64') => async () => {
      await writeFile(join(cache, 'config.json'), '{}')
      const tensors = [
        { name: 'mask', dtype, shape: [8] },
        { name: 'w', dtype: 'F32' as const, shape: [2] },
      ]
      const file = await openTensors(join(cache, 'model.safetensors'), tensors)
      for (const tensor of file.layout) await file.writeBytes(new Uint8Array(bytesOf([tensor])))
      await file.finish()
      return prepareFloat32(await openCheckpoint(cache), cache)
    }
    expect([...(await model('U8')()).tensors.keys()]).toEqual(['w'])
    await expect(model('F64')()).rejects.toMatchObject({ code: 'bad_model', message: expect.stringContaining('mask') })
  })

  it('says in a sentence that the cache cannot be written', async () => {
    const file = join(cache, 'in-the-way')
    await writeFile(file, '')
    const prepared = prepareFloat32(await openCheckpoint(variant('model-f16')), file)
    await expect(prepared).rejects.toMatchObject({
      code: 'disk',
      message: expect.stringMatching(/^Cannot write .*folder\.$/),
    })
  })
})
