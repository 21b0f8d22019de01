/**
 * Every architecture through the whole jobs, by every method: a few steps over the same rows lower the loss, the
 * checkpoint is one that can be opened again, and what was tuned writes. Nothing in the jobs knows which model it is.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { control } from '../../src/main/engine/jobs/control'
import { completion, generate } from '../../src/main/engine/jobs/generate'
import { train } from '../../src/main/engine/jobs/train'
import { modelTypes } from '../../src/main/engine/models'
import { defaultGenerationSettings, type GivenArguments, type UnstampedTrainEvent } from '../../src/shared/contract'

const fixtures = resolve('tests/fixtures')
const modelFolder = (modelType: string) =>
  join(fixtures, modelType === 'gpt2' ? 'gpt2-tiny/model' : `families/${modelType}`)
const steps = 3

const methods: Record<string, GivenArguments> = {
  full: { method: 'full', learning_rate: 3e-3 },
  lora: { method: 'lora', learning_rate: 3e-2 },
  qlora: { method: 'qlora', learning_rate: 3e-2 },
  'lora over int8': { method: 'lora', base_quantization: 'int8', learning_rate: 3e-2 },
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-architectures-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function losses(modelType: string, outputDir: string, args: GivenArguments): Promise<number[]> {
  const events: UnstampedTrainEvent[] = []
  const spec = {
    run: modelType,
    model: { folder: modelFolder(modelType), adapter: null },
    train: {
      file: join(fixtures, 'gpt2-tiny/rows.jsonl'),
      mapping: { kind: 'completion' as const, prompt: 'prompt', completion: 'completion' },
    },
    validation: null,
    outputDir,
    cacheDir: join(folder, 'cache'),
    // All rows at once, so that one step's loss is comparable with the next one's.
    arguments: {
      max_length: 24,
      max_steps: steps,
      per_device_train_batch_size: 64,
      validation_split: 0,
      logging_steps: 1,
      ...args,
    },
    resumeFrom: null,
    samplePrompts: [],
  }
  for await (const event of train(spec, control())) events.push(event)
  return events.flatMap((event) => (event.type === 'log' ? [event.loss] : []))
}

const written = (files: { folder: string; adapter: string | null }) =>
  completion(
    generate(
      {
        model: files,
        cacheDir: join(folder, 'cache'),
        prompt: { text: 'The lamps' },
        settings: { ...defaultGenerationSettings, do_sample: false, max_new_tokens: 4 },
      },
      control(),
    ),
  )

describe.each(modelTypes)('%s', (modelType) => {
  it.each(Object.keys(methods))('%s lowers the loss, and what was tuned writes', async (method) => {
    const outputDir = join(folder, modelType, method)
    const logged = await losses(modelType, outputDir, methods[method]!)
    expect(logged.length).toBe(steps)
    expect(logged.every(Number.isFinite)).toBe(true)
    expect(logged.at(-1)!).toBeLessThan(0.98 * logged[0]!)
    const checkpoint = join(outputDir, `checkpoint-${steps}`)
    const base = modelFolder(modelType)
    const files = method === 'full' ? { folder: checkpoint, adapter: null } : { folder: base, adapter: checkpoint }
    const { tokens, stopReason } = await written(files)
    expect(stopReason === 'eos' || tokens === 4).toBe(true)
    expect(tokens).toBeGreaterThan(0)
  })
})
