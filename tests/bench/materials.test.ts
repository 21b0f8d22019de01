/** What the benchmark makes: rows whose length in tokens is the length they claim, and files a reader of the format accepts. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tokenizer } from 'tokenizers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { gpt2Model } from '../../bench/gpt2-model'
import { llamaModel } from '../../bench/llama-model'
import { raggedRows } from '../../bench/ragged-rows'
import { linkModel, writeAdapter, writeModel } from '../../bench/synthetic-model'
import { syntheticTokenizer } from '../../bench/synthetic-tokenizer'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each([50_257, 32_000])('makes a tokenizer of %i tokens', (size) => {
  expect(Tokenizer.fromString(JSON.stringify(syntheticTokenizer(size))).getVocabSize(true)).toBe(size)
})

it.each(['text', 'completion'] as const)('makes %s rows of exactly the tokens they claim', async (kind) => {
  const tokenizer = Tokenizer.fromString(JSON.stringify(syntheticTokenizer(32_000)))
  const rows = raggedRows(kind, 40, 16, 512, 3)
  for (const { row, tokens } of rows) {
    const text = 'text' in row ? row.text : row.prompt + row.completion
    expect((await tokenizer.encode(text)).getLength() + 1).toBe(tokens) // and end of text
  }
  const lengths = rows.map(({ tokens }) => tokens)
  expect(Math.min(...lengths)).toBeLessThan(100)
  expect(Math.max(...lengths)).toBeGreaterThan(400)
})

it('makes the same rows from the same seed, and others from another', () => {
  expect(raggedRows('text', 5, 16, 64, 1)).toEqual(raggedRows('text', 5, 16, 64, 1))
  expect(raggedRows('text', 5, 16, 64, 1)).not.toEqual(raggedRows('text', 5, 16, 64, 2))
})

it('writes an adapter whose A is spread and whose B is zero', () => {
  writeAdapter(folder, gpt2Model('', { layers: 1, width: 8, heads: 2, positions: 16 }), 4, 8, 1)
  const tensors = readSafetensors(join(folder, 'adapter_model.safetensors'))
  const prefix = 'base_model.model.transformer.h.0.mlp.c_proj'
  const a = tensors.get(`${prefix}.lora_A.weight`)!
  expect(tensors.size).toBe(8)
  expect(a.shape).toEqual([4, 32])
  expect(Math.max(...a.values.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(32))
  expect(new Set(a.values).size).toBeGreaterThan(100)
  expect(tensors.get(`${prefix}.lora_B.weight`)!.values.every((value) => value === 0)).toBe(true)
})

const grouped = { layers: 2, width: 8, heads: 4, keyValueHeads: 2, inner: 12, positions: 16 }

it('writes a Llama in BF16 whose weights have the deviation that transformers gives them', () => {
  writeModel(folder, llamaModel('', grouped, 'BF16'), 1)
  const tensors = readSafetensors(join(folder, 'model.safetensors'))
  expect(tensors.size).toBe(3 + 2 * 9)
  expect(tensors.get('model.layers.1.self_attn.k_proj.weight')!.shape).toEqual([4, 8])
  expect(tensors.get('model.norm.weight')!.values).toEqual(Array(8).fill(1))
  const { shape, values } = tensors.get('lm_head.weight')!
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
  expect(shape).toEqual([32_000, 8])
  expect(deviation).toBeGreaterThan(0.0197)
  expect(deviation).toBeLessThan(0.0203)
})

it('lets a shallower model share the weights of a deeper one', () => {
  const shallow = join(folder, 'shallow')
  writeModel(folder, llamaModel('', grouped, 'BF16'), 1)
  linkModel(shallow, llamaModel('', { ...grouped, layers: 1 }, 'BF16'), folder)
  expect(JSON.parse(readFileSync(join(shallow, 'config.json'), 'utf8')).num_hidden_layers).toBe(1)
  expect(statSync(join(shallow, 'model.safetensors')).ino).toBe(statSync(join(folder, 'model.safetensors')).ino)
})

/** A reader of its own, so that the writer is not judged by itself. */
function readSafetensors(file: string): Map<string, { shape: number[]; values: number[] }> {
  const bytes = readFileSync(file)
  const start = 8 + Number(bytes.readBigUInt64LE(0))
  const { __metadata__, ...header } = JSON.parse(bytes.toString('utf8', 8, start))
  const ends = Object.values(header).map((entry) => (entry as { data_offsets: number[] }).data_offsets[1]!)
  expect(start + Math.max(...ends)).toBe(bytes.length)
  return new Map(
    Object.entries(header).map(([name, entry]) => {
      const { dtype, shape, data_offsets: offsets } = entry as Entry
      const size = dtype === 'F32' ? 4 : 2
      const values = Array.from({ length: (offsets[1] - offsets[0]) / size }, (_, i) => {
        const at = start + offsets[0] + size * i
        return dtype === 'F32' ? bytes.readFloatLE(at) : upperHalf(bytes.readUInt16LE(at))
      })
      return [name, { shape, values }]
    }),
  )
}
type Entry = { dtype: 'F32' | 'BF16'; shape: number[]; data_offsets: [number, number] }

const upperHalf = (bits: number) => new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!
