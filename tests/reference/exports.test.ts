/**
 * What others make of our exports: after a few steps of training, the adapter in peft, the merged model in
 * transformers and our own `eval` must find the same loss. Needs an interpreter with tests/reference/requirements.txt,
 * named by CAMELOT_REFERENCE_PYTHON; without one it is skipped.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, fixture, openBench } from '../cli/support/camelot'

const python = process.env.CAMELOT_REFERENCE_PYTHON
if (!python)
  console.warn(
    'SKIPPED: exports are not checked in peft and transformers. Set CAMELOT_REFERENCE_PYTHON to a Python that has tests/reference/requirements.txt.',
  )

const RELATIVE_TOLERANCE = 1e-4
const MAX_LENGTH = '48'
const rows = fixture('gpt2-tiny', 'rows.jsonl')
const model = fixture('gpt2-tiny', 'model')

/** Adapters of every kind, by what makes them. */
const kinds: [string, string[]][] = [
  [
    'rsLoRA and ranks of its own',
    ['--use-rslora', '--rank-pattern', '{"c_fc": 2}', '--alpha-pattern', '{"h.0.*c_attn": 3}'],
  ],
  [
    'DoRA and a head of its own',
    ['--use-dora', '--target-modules', 'c_attn,mlp.c_proj', '--modules-to-save', 'lm_head'],
  ],
  ['every bias', ['--bias', 'all', '--target-modules', 'c_fc']],
  ['DoRA, its biases and the embedding', ['--use-dora', '--bias', 'lora_only', '--modules-to-save', 'wte,ln_f']],
]

describe.skipIf(!python)('an export, loaded by others', () => {
  let bench: Bench
  let run: string
  let ownLoss: number

  beforeAll(async () => {
    bench = await openBench()
    const events = await succeed('train', ...lora, '--model', model, '--dataset', rows)
    run = String(events.find(({ type }) => type === 'start')?.run)
    ownLoss = await lossOf(run)
    expect(Math.abs(ownLoss - (await lossOf(model)))).toBeGreaterThan(0.1) // the adapter does something
  }, 240_000)
  afterAll(() => bench?.close())

  it('gives the same loss as an adapter in peft', async () => {
    const folder = bench.at('adapter')
    await succeed('export', run, '--format', 'peft', '--output', folder)
    expectSame(checkExport(folder, '--base', model), { kind: 'peft' })
  })

  it.each(['f32', 'f16', 'bf16'])('gives the same loss merged as %s in transformers', async (type) => {
    const folder = bench.at(`merged-${type}`)
    await succeed('export', run, '--format', 'safetensors', '--quantization', type, '--output', folder)
    const names = { f32: 'float32', f16: 'float16', bf16: 'bfloat16' } as Record<string, string>
    expectSame(checkExport(folder), { kind: 'merged', dtype: names[type] }, type === 'bf16' ? 2e-3 : RELATIVE_TOLERANCE)
  })

  it.each(kinds)(
    'gives the same loss with %s: from its folder here, in peft, and merged in transformers',
    async (kind, options) => {
      const name = kind.replaceAll(/\W+/g, '-')
      const events = await succeed('train', ...lora, ...options, '--model', model, '--dataset', rows)
      const tuned = String(events.find(({ type }) => type === 'start')?.run)
      const [folder, merged] = [bench.at(`${name}-adapter`), bench.at(`${name}-merged`)]
      await succeed('export', tuned, '--format', 'peft', '--output', folder)
      await succeed('export', tuned, '--format', 'safetensors', '--output', merged)
      const expected = await lossOf(tuned)
      expectSame(checkExport(folder, '--base', model), { kind: 'peft' }, RELATIVE_TOLERANCE, expected)
      expectSame(checkExport(merged), { kind: 'merged' }, RELATIVE_TOLERANCE, expected)
      expect(await lossOf(folder)).toBe(expected) // the folder alone, which names its base
    },
    300_000,
  )

  const lora = [
    ...['--method', 'lora', '--lora-r', '4', '--lora-alpha', '8', '--max-length', MAX_LENGTH, '--max-steps', '12'],
    ...['--learning-rate', '1e-2', '--validation-split', '0'],
  ]

  async function succeed(...words: string[]) {
    const outcome = await bench.run([...words, '--json'])
    if (outcome.status !== 0)
      throw new Error(`camelot ${words.join(' ')} ended with ${outcome.status}: ${outcome.notes}`)
    return outcome.json()
  }

  const lossOf = async (name: string) =>
    Number((await succeed('eval', '--model', name, '--dataset', rows, '--max-length', MAX_LENGTH)).at(-1)?.loss)

  function expectSame(found: { loss: number }, expected: object, tolerance = RELATIVE_TOLERANCE, loss = ownLoss) {
    expect(found).toMatchObject(expected)
    expect(Math.abs(found.loss - loss) / loss).toBeLessThan(tolerance)
  }
})

function checkExport(folder: string, ...options: string[]) {
  const script = join(import.meta.dirname, 'check_export.py')
  const output = execFileSync(python!, [script, folder, '--rows', rows, '--max-length', MAX_LENGTH, ...options], {
    encoding: 'utf8',
    env: { ...process.env, HF_HUB_OFFLINE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return JSON.parse(output)
}
