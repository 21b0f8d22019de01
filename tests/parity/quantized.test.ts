/**
 * Quantized bases beside transformers, peft and bitsandbytes: logits and ten losses over 4-bit linear layers, models that
 * transformers saved in 4 bits, and what 8 bits change. Written by `tests/reference/quantized_models.py`.
 */
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { control } from '../../src/main/engine/jobs/control'
import { evaluate } from '../../src/main/engine/jobs/evaluate'
import { exportModel } from '../../src/main/engine/jobs/export'
import { openGenerator } from '../../src/main/engine/jobs/generator'
import { frozenParts, type OpenModel, openModel } from '../../src/main/engine/jobs/open-model'
import { train } from '../../src/main/engine/jobs/train'
import { weightsOf } from '../../src/main/engine/nn/weights'
import type { RowsFile } from '../../src/main/engine/protocol'
import { readFloat32, readHeader } from '../../src/main/engine/weights/safetensors'
import type { GivenArguments, UnstampedTrainEvent } from '../../src/shared/contract'

const fixtures = resolve('tests/fixtures')
const quantized = join(fixtures, 'quantized')
const golden = JSON.parse(await readFile(join(quantized, 'models.json'), 'utf8'))
const goldenLogits = new Map(
  (await readHeader(join(quantized, 'models.safetensors'))).tensors.map((entry) => [entry.name, entry]),
)
const bases: Record<string, { folder: string; adapter: string }> = {
  gpt2: { folder: join(fixtures, 'gpt2-tiny/model'), adapter: join(fixtures, 'gpt2-tiny/adapter') },
  llama: { folder: join(fixtures, 'families/llama'), adapter: join(fixtures, 'families/llama/adapter') },
}
type Golden = { base: string; type: 'nf4' | 'fp4'; double: boolean; training: Record<'loss' | 'grad_norm', number[]> }
const cases = Object.entries<Golden>(golden.cases)
const saved = (await readdir(quantized)).filter((name) => name.startsWith('saved-'))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-quantized-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const cache = () => join(folder, 'cache')

/** Logits of the last positions of the fixture's row, largest difference relative to the largest of the reference. */
async function logitsError(open: OpenModel, name: string): Promise<number> {
  const expected = await readFloat32(goldenLogits.get(name)!)
  const width = open.model.shape.vocabularySize
  const positions = expected.length / width
  const generator = await openGenerator(open, () => weightsOf(frozenParts(open)), {}, { prepack: true })
  const run = generator.begin()
  let error = 0
  for (let position = 0; position < positions; position++) {
    const end = golden.ids.length - positions + 1 + position
    const logits = await run.next(position === 0 ? golden.ids.slice(0, end) : [golden.ids[end - 1]])
    const reference = expected.subarray(position * width, (position + 1) * width)
    error = Math.max(error, ...logits.map((value, i) => Math.abs(value - reference[i]!)))
  }
  await generator.close()
  return error / expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

const rows = (file: string) => ({
  file: join(fixtures, 'gpt2-tiny', file),
  mapping: { kind: 'completion' as const, prompt: 'prompt', completion: 'completion' },
})

async function trained(name: string, model: string, args: GivenArguments, data: RowsFile = rows('rows.jsonl')) {
  const events: UnstampedTrainEvent[] = []
  const spec = {
    run: name,
    model: { folder: model, adapter: null },
    train: data,
    validation: null,
    outputDir: join(folder, name),
    cacheDir: cache(),
    arguments: { max_length: golden.max_length, shuffle: false, validation_split: 0, logging_steps: 1, ...args },
    resumeFrom: null,
    samplePrompts: [],
  }
  for await (const event of train(spec, control())) events.push(event)
  const start = events.find((event) => event.type === 'start')!
  return Object.assign(
    events.filter((event) => event.type === 'log'),
    { base: start.arguments.base_quantization },
  )
}

const { seed: _, ...trainingArguments } = golden.arguments

function expectGolden(logs: Awaited<ReturnType<typeof trained>>, { training }: Golden) {
  expect(logs.length).toBe(10)
  logs.forEach((log, i) => {
    expect(Math.abs(log.loss / training.loss[i]! - 1), `loss of step ${i + 1}`).toBeLessThan(1e-4)
    expect(Math.abs(log.gradNorm / training.grad_norm[i]! - 1), `norm of step ${i + 1}`).toBeLessThan(1e-3)
  })
}

describe.each(cases)('%s', (name, reference) => {
  const { folder: model, adapter } = bases[reference.base]!
  const { type, double } = reference

  it('logits to 1e-4', async () => {
    const open = await openModel(model, cache(), { type, double })
    expect(await logitsError(open, name)).toBeLessThan(1e-4)
    // Without quantization they are others: the comparison would notice.
    expect(await logitsError(await openModel(model, cache()), name)).toBeGreaterThan(1e-2)
  })

  it.each([false, true])('ten QLoRA losses to 1e-4, gradient checkpointing %s', async (gradient_checkpointing) => {
    const args: GivenArguments = {
      ...trainingArguments,
      method: 'qlora',
      base_quantization: type,
      bnb_4bit_use_double_quant: double,
      init_adapter: adapter,
      gradient_checkpointing,
    }
    expectGolden(await trained(`${name}-${gradient_checkpointing}`, model, args), reference)
  })
})

describe.each(saved)('%s, as transformers saved it', (name) => {
  const path = join(quantized, name)
  const key = name.slice('saved-'.length)

  it('logits to 1e-4', async () => {
    expect(await logitsError(await openModel(path, cache()), key)).toBeLessThan(1e-4)
  })

  it('ten losses over its own bytes', async () => {
    const reference: Golden = golden.cases[key]
    const { adapter } = bases[reference.base]!
    const logs = await trained(name, path, { ...trainingArguments, method: 'qlora', init_adapter: adapter })
    expect(logs.base).toBe(reference.type)
    expectGolden(logs, reference)
  })

  it('is exported as floats that stand for the same model', async () => {
    const exported = join(folder, `exported-${name}`)
    const spec = {
      model: { folder: path, adapter: null },
      format: 'safetensors' as const,
      dtype: null,
      folder: exported,
    }
    for await (const _ of exportModel({ ...spec, overwrite: false, sourceName: name }, control()));
    const open = await openModel(exported, cache())
    expect(open.checkpoint.fourBit.size).toBe(0)
    expect(await logitsError(open, key)).toBeLessThan(1e-4)
  })
})

describe('what cannot be read is refused', () => {
  const changed = async (name: string, change: (config: Record<string, unknown>) => void) => {
    const copy = join(folder, name)
    await cp(join(quantized, saved[0]!), copy, { recursive: true })
    const config = JSON.parse(await readFile(join(copy, 'config.json'), 'utf8'))
    change(config.quantization_config)
    await writeFile(join(copy, 'config.json'), JSON.stringify(config))
    return copy
  }

  it('another method, by file, key, what was expected and found', async () => {
    const copy = await changed('gptq', (config) => {
      config.quant_method = 'gptq'
    })
    await expect(openModel(copy, cache())).rejects.toThrow(
      /gptq\/config\.json: quantization_config\.quant_method is "gptq"; expected bitsandbytes/,
    )
  })

  it('8 bits of bitsandbytes', async () => {
    const copy = await changed('eight', (config) => {
      config.load_in_4bit = config._load_in_4bit = false
      config.load_in_8bit = true
    })
    await expect(openModel(copy, cache())).rejects.toThrow(/quantization_config\.load_in_4bit is false; expected true/)
  })

  it('packed tensors without their constants', async () => {
    const copy = await changed('cut', () => undefined)
    const file = join(copy, 'model.safetensors')
    const bytes = await readFile(file)
    const at = bytes.indexOf('.weight.absmax"')
    bytes.write('.weight.absmix"', at)
    await writeFile(file, bytes)
    await expect(openModel(copy, cache())).rejects.toThrow(/tensor .*\.weight\.absmax is missing/)
  })
})

it('a quantized BF16 model is not written out in F32, but for what stays unquantized', async () => {
  const own = join(folder, 'own-cache')
  const open = await openModel(join(fixtures, 'gpt2-tiny/model-bf16'), own, { type: 'nf4', double: false })
  for (const { path } of open.anatomy.linears) expect(open.weights.tensors.has(`${path}.weight`)).toBe(false)
  expect([...open.weights.tensors.keys()]).toContain('transformer.wte.weight')
  const again = await openModel(join(fixtures, 'gpt2-tiny/model-bf16'), own, { type: 'nf4', double: false })
  expect(again.weights.folder).toBe(open.weights.folder)
  const before = (await stat(join(open.weights.folder, 'codes.safetensors'))).mtimeMs
  expect((await stat(join(again.weights.folder, 'codes.safetensors'))).mtimeMs).toBe(before)
})

describe('8 bits', () => {
  const merlin = resolve('resources/models/merlin-mini')
  const mapping = { kind: 'question' as const, question: 'question', answer: 'answer' }
  const loss = async (adapter: string | null, quantization: 'none' | 'int8') => {
    const spec = {
      model: { folder: merlin, adapter },
      cacheDir: cache(),
      rows: { file: resolve('resources/datasets/camelot-held-out.jsonl'), mapping },
      maxLength: 128,
      batchSize: 8,
      completionOnlyLoss: true,
      quantization,
    }
    for await (const event of evaluate(spec, control())) if (event.type === 'done') return event.loss
    throw new Error('The evaluation did not finish.')
  }

  it('after a run, the evaluation loss is within 1 % of the fp32 run’s, over either base', async () => {
    const args: GivenArguments = { max_steps: 20, max_length: 128, learning_rate: 2e-3, per_device_train_batch_size: 4 }
    const data = { file: resolve('resources/datasets/camelot.jsonl'), mapping }
    const float = await trained('float', merlin, args, data)
    const int8 = await trained('int8', merlin, { ...args, base_quantization: 'int8' }, data)
    expect(int8.at(-1)!.loss).not.toBe(float.at(-1)!.loss)
    const adapterOf = (name: string) => join(folder, name, 'checkpoint-20')
    const reached = await loss(adapterOf('float'), 'none')
    expect(reached).toBeLessThan(0.9 * (await loss(null, 'none'))) // it has learned
    for (const form of ['none', 'int8'] as const)
      expect(Math.abs((await loss(adapterOf('int8'), form)) / reached - 1), form).toBeLessThan(0.01)
  })
})
