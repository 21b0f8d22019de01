/** What the benchmark makes: rows whose length in tokens is the length they claim, and files a reader of the format accepts. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tokenizer } from 'tokenizers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeAdapter } from '../../bench/gpt2-model'
import { raggedRows } from '../../bench/ragged-rows'
import { syntheticTokenizer, vocabularySize } from '../../bench/synthetic-tokenizer'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('makes a tokenizer of the vocabulary of GPT-2', () => {
  const tokenizer = Tokenizer.fromString(JSON.stringify(syntheticTokenizer()))
  expect(tokenizer.getVocabSize(true)).toBe(vocabularySize)
})

it.each(['text', 'completion'] as const)('makes %s rows of exactly the tokens they claim', async (kind) => {
  const tokenizer = Tokenizer.fromString(JSON.stringify(syntheticTokenizer()))
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
  writeAdapter(folder, { layers: 1, width: 8, heads: 2, positions: 16 }, 4, 8, 1)
  const tensors = readSafetensors(join(folder, 'adapter_model.safetensors'))
  const prefix = 'base_model.model.transformer.h.0.mlp.c_proj'
  const a = tensors.get(`${prefix}.lora_A.weight`)!
  expect(tensors.size).toBe(8)
  expect(a.shape).toEqual([4, 32])
  expect(Math.max(...a.values.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(32))
  expect(new Set(a.values).size).toBeGreaterThan(100)
  expect(tensors.get(`${prefix}.lora_B.weight`)!.values.every((value) => value === 0)).toBe(true)
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
      const { shape, data_offsets: offsets } = entry as { shape: number[]; data_offsets: [number, number] }
      const values = Array.from({ length: (offsets[1] - offsets[0]) / 4 }, (_, i) =>
        bytes.readFloatLE(start + offsets[0] + 4 * i),
      )
      return [name, { shape, values }]
    }),
  )
}
