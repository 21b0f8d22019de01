import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFloat32, readHeader } from './safetensors'
import { openTensors, writeSafetensors } from './safetensors-writer'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safetensors-'))
  file = join(folder, 'model.safetensors')
})
afterEach(() => rm(folder, { recursive: true }))

/** A file with this header and so many bytes of data. */
function fileOf(header: unknown, dataBytes: number, length?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(length ?? BigInt(json.length))
  return Buffer.concat([prefix, json, Buffer.alloc(dataBytes)])
}
const tensor = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

describe('a file that is not right', () => {
  it.each<[string, Buffer, RegExp]>([
    ['is empty', Buffer.alloc(0), /0 bytes long: too short/],
    ['is another kind of file', Buffer.from('PK\x03\x04 a zip archive of something'), /not a safetensors file/],
    ['has a header longer than itself', fileOf({}, 0, 1000n), /cut off: its header should be 1000 bytes/],
    ['has a header of no length', fileOf({}, 0, 0n), /not a safetensors file/],
    ['has a header that is not JSON', fileOf('{"a":', 0), /header of .* is not valid JSON/],
    ['has a header that is no object', fileOf('[1]', 0), /not a JSON object/],
    ['has a header that is not UTF-8', Buffer.from('\x04\0\0\0\0\0\0\0{\xff} ', 'latin1'), /not UTF-8 text/],
    ['ends in the middle of a tensor', fileOf({ w: tensor(0, 16) }, 15), /cut off: its tensors need/],
    ['goes on after its tensors', fileOf({ w: tensor(0, 16) }, 17), /1 bytes after its last tensor/],
    ['has a hole', fileOf({ a: tensor(0, 8), b: tensor(12, 16) }, 16), /hole of 4 bytes before tensor b/],
    ['has tensors that overlap', fileOf({ a: tensor(0, 8), b: tensor(4, 12) }, 12), /overlap: b/],
    ['has a shape that does not fit', fileOf({ w: tensor(0, 16, [5]) }, 16), /\[5\] of F32 takes 20 bytes.*span 16/],
    ['has offsets that run backwards', fileOf({ w: tensor(16, 0, [0]) }, 16), /span -16/],
    ['has an unknown dtype', fileOf({ w: tensor(0, 16, [4], 'F3') }, 16), /dtype "F3" is not known/],
    ['has a dtype that every object has', fileOf({ w: tensor(0, 0, [0], 'toString') }, 0), /not known/],
    ['has a negative size', fileOf({ w: tensor(0, 16, [-4]) }, 16), /not a list of sizes/],
    ['has offsets beyond counting', fileOf({ w: { ...tensor(0, 16), data_offsets: [0, 1e300] } }, 16), /data_offsets/],
    ['has three offsets', fileOf({ w: { ...tensor(0, 16), data_offsets: [0, 8, 16] } }, 16), /data_offsets/],
    ['has a tensor that is no object', fileOf({ w: 3 }, 0), /tensor w wrongly: not an object/],
    ['has metadata that is no text', fileOf({ __metadata__: { a: 1 } }, 0), /__metadata__/],
  ])('%s', async (_, bytes, sentence) => {
    await writeFile(file, bytes)
    await expect(readHeader(file)).rejects.toMatchObject({
      code: 'bad_model',
      message: expect.stringMatching(sentence),
    })
  })

  it('is not there', async () => {
    await expect(readHeader(file)).rejects.toThrow(`${file} is missing.`)
  })

  it('was cut off after its header was read', async () => {
    await writeFile(file, fileOf({ w: tensor(0, 16) }, 16))
    const { tensors } = await readHeader(file)
    await writeFile(file, fileOf({ w: tensor(0, 16) }, 3))
    await expect(readFloat32(tensors[0]!)).rejects.toMatchObject({ code: 'bad_model' })
  })
})

describe('reading', () => {
  it('takes empty tensors, scalars and a header without tensors', async () => {
    await writeFile(
      file,
      fileOf({ none: tensor(0, 0, [0, 3]), one: tensor(0, 4, []), __metadata__: { format: 'pt' } }, 4),
    )
    const { tensors, metadata } = await readHeader(file)
    expect(tensors.map(({ name, shape, byteLength }) => [name, shape, byteLength])).toEqual([
      ['none', [0, 3], 0],
      ['one', [], 4],
    ])
    expect(metadata).toEqual({ format: 'pt' })
    expect(await readFloat32(tensors[1]!)).toEqual(Float32Array.of(0))
    await writeFile(file, fileOf({}, 0))
    expect((await readHeader(file)).tensors).toEqual([])
  })

  it('refuses values of a type that does not widen to F32', async () => {
    await writeFile(file, fileOf({ ids: tensor(0, 8, [1], 'I64') }, 8))
    const { tensors } = await readHeader(file)
    await expect(readFloat32(tensors[0]!)).rejects.toThrow('ids')
  })
})

describe('writing', () => {
  const values = Float32Array.of(1, -2.5, 65504, 1e-8, Number.NaN, Number.POSITIVE_INFINITY)
  const write = () =>
    writeSafetensors(
      file,
      (['BF16', 'F32', 'F16'] as const).map((dtype) => ({ name: dtype, dtype, shape: [2, 3], data: () => values })),
    )

  it('gives back what was written, as exactly as the type can', async () => {
    await write()
    const { tensors, metadata } = await readHeader(file)
    const read = Object.fromEntries(
      await Promise.all(tensors.map(async (entry) => [entry.name, await readFloat32(entry)])),
    )
    expect(metadata).toEqual({ format: 'pt' })
    expect(read.F32).toEqual(values)
    expect([...read.F16]).toEqual([1, -2.5, 65504, 0, Number.NaN, Number.POSITIVE_INFINITY])
    expect([...read.BF16].slice(0, 3)).toEqual([1, -2.5, 65536])
    expect(await readdir(folder)).toEqual(['model.safetensors'])
  })

  it('aligns the data to 64 bytes and each tensor as its type needs', async () => {
    await write()
    const { tensors } = await readHeader(file)
    expect(tensors[0]!.offset % 64).toBe(0)
    expect(tensors.map(({ name }) => name)).toEqual(['F32', 'BF16', 'F16'])
    expect((await readFile(file)).subarray(0, tensors[0]!.offset).toString('latin1')).toMatch(/\} *$/)
  })

  it('leaves nothing behind when a tensor fails, and the earlier file alone', async () => {
    await write()
    const before = await readFile(file)
    const failing = [{ name: 'w', dtype: 'F32' as const, shape: [2], data: () => Promise.reject(new Error('no')) }]
    await expect(writeSafetensors(file, failing)).rejects.toThrow('no')
    const wrongSize = [{ name: 'w', dtype: 'F32' as const, shape: [2], data: () => new Float32Array(3) }]
    await expect(writeSafetensors(file, wrongSize)).rejects.toThrow('expected 8 bytes, got 12')
    expect(await readdir(folder)).toEqual(['model.safetensors'])
    expect(await readFile(file)).toEqual(before)
  })

  it('does not finish before all tensors came', async () => {
    const unfinished = await openTensors(file, [{ name: 'w', dtype: 'F32', shape: [1] }])
    await expect(unfinished.finish()).rejects.toThrow('Only 0 of 1')
    await unfinished.discard()
    expect(await readdir(folder)).toEqual([])
  })

  it('says in a sentence that the place cannot be written', async () => {
    const nowhere = writeSafetensors(join(file, 'below', 'x.safetensors'), [])
    await expect(nowhere).rejects.toMatchObject({ code: 'disk', message: expect.stringMatching(/^Cannot write /) })
  })
})
