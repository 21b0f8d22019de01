/** Quantization beside bitsandbytes, byte for byte. The fixture is written by `tests/reference/quantized.py`. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readBytes, readFloat32, readHeader } from '../safetensors'
import { dynamicMap, type FourBitType } from './codes'
import { dequantizeFourBit, type FourBit, fourBitQuantizer } from './four-bit'
import { meanOf } from './mean'
import { dequantizeNested, quantizeNested } from './nested'

const fixture = resolve('tests/fixtures/quantized')
const golden: { sha256: Record<string, Record<string, string>> } = JSON.parse(
  await readFile(join(fixture, 'blocks.json'), 'utf8'),
)
const tensors = new Map(
  (await readHeader(join(fixture, 'blocks.safetensors'))).tensors.map((entry) => [entry.name, entry]),
)
const names = [...tensors.keys()].flatMap((name) => (name.endsWith('/values') ? [name.slice(0, -7)] : []))
const types: readonly FourBitType[] = ['nf4', 'fp4']
/** Of the bytes, −0 taken for 0. */
const digest = (array: Uint8Array | Float32Array) =>
  createHash('sha256')
    .update(new Uint8Array(array.map((value) => value + 0).buffer))
    .digest('hex')

/** In slices of one block and of three, so that what lies between them is on trial too. */
function quantized(type: FourBitType, values: Float32Array, slice: number): FourBit {
  const quantizer = fourBitQuantizer(type, values.length)
  for (let at = 0; at < values.length; at += slice) quantizer.add(values.subarray(at, at + slice))
  return quantizer.result()
}

describe.each(types)('%s', (type) => {
  it.each(names)('%s has the bytes, the maxima and the nested constants of bitsandbytes', async (name) => {
    const values = await readFloat32(tensors.get(`${name}/values`)!)
    const plain = quantized(type, values, name.length % 2 ? 64 : 192)
    const at = `${name}/${type}`
    expect(plain.packed).toEqual(await readBytes(tensors.get(`${at}/packed`)!))
    expect(plain.absmax).toEqual(await readFloat32(tensors.get(`${at}/absmax`)!))
    expect(digest(dequantizeFourBit(type, plain, values.length))).toBe(golden.sha256[at]!.values)

    const nested = quantizeNested(plain.absmax)
    expect(nested.offset).toBe((await readFloat32(tensors.get(`${at}-nested/nested_offset`)!))[0])
    expect(nested.absmax).toEqual(await readFloat32(tensors.get(`${at}-nested/nested_absmax`)!))
    expect(nested.bytes).toEqual(await readBytes(tensors.get(`${at}-nested/absmax`)!))
    const back = dequantizeFourBit(type, { ...plain, absmax: dequantizeNested(nested) }, values.length)
    expect(digest(back)).toBe(golden.sha256[`${at}-nested`]!.values)
  })

  it.each([
    [513, 700],
    [1000, 1000],
  ])('a tensor of %i × %i has their digests', (rows, columns) => {
    const values = counted(rows * columns)
    const plain = quantized(type, values, 64 * 1000)
    const name = `counted-${rows}x${columns}/${type}`
    const nested = quantizeNested(plain.absmax)
    expect({
      packed: digest(plain.packed),
      absmax: digest(plain.absmax),
      values: digest(dequantizeFourBit(type, plain, values.length)),
    }).toEqual(golden.sha256[name])
    expect({
      packed: digest(plain.packed),
      absmax: digest(nested.bytes),
      nested_absmax: digest(nested.absmax),
      nested_quant_map: digest(nested.map),
      nested_offset: digest(Float32Array.of(nested.offset)),
      values: digest(dequantizeFourBit(type, { ...plain, absmax: dequantizeNested(nested) }, values.length)),
    }).toEqual(golden.sha256[`${name}-nested`])
  })
})

/** Values that follow from their place alone, as in the reference. */
function counted(length: number): Float32Array {
  return Float32Array.from({ length }, (_, place) => {
    const wild = Number((BigInt(place) * 2654435761n) % 65536n)
    return ((wild - 32768) / 65536) * (1 + (place % 977))
  })
}

it('the dynamic map is that of bitsandbytes', async () => {
  expect(dynamicMap()).toEqual(await readFloat32(tensors.get('nested_quant_map')!))
})

it('a mean of few values and of none of a vector’s width', () => {
  expect(meanOf(Float32Array.of(1, 2, 3, 4, 5, 6, 7))).toBe(4)
  expect(meanOf(new Float32Array(1000).fill(0.5))).toBe(0.5)
})
