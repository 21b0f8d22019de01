/**
 * The engine beside transformers and peft, on a tiny random GPT-2: logits, every gradient, ten losses of LoRA and of full
 * fine-tuning, greedy generation. Written by `tests/reference/gpt2.py`; see `tests/fixtures/gpt2-tiny/README.md`.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Example, readExamples } from '../../src/main/engine/data/examples'
import { fillFromAdapter } from '../../src/main/engine/jobs/checkpoint-folder'
import { control } from '../../src/main/engine/jobs/control'
import { initialize } from '../../src/main/engine/jobs/first-weights'
import { completion, openWriter, write } from '../../src/main/engine/jobs/generate'
import { type OpenModel, openModel } from '../../src/main/engine/jobs/open-model'
import { tensorsOf } from '../../src/main/engine/jobs/parameters'
import { train } from '../../src/main/engine/jobs/train'
import { adapted, fullyTrainable } from '../../src/main/engine/jobs/trainable'
import { openTrainingGraphs } from '../../src/main/engine/jobs/training-step'
import type { TrainSpec } from '../../src/main/engine/protocol'
import { readFloat32, readHeader } from '../../src/main/engine/weights/safetensors'
import { defaultGenerationSettings, type GivenArguments, type UnstampedTrainEvent } from '../../src/shared/contract'
import { relativeError } from './support/relative-error'

const fixture = resolve('tests/fixtures/gpt2-tiny')
const golden = JSON.parse(await readFile(join(fixture, 'golden.json'), 'utf8'))
const goldenTensors = new Map((await readHeader(join(fixture, 'golden.safetensors'))).tensors.map((t) => [t.name, t]))
const goldenTensor = (name: string) => readFloat32(goldenTensors.get(name)!)
const rows = {
  file: join(fixture, 'rows.jsonl'),
  mapping: { kind: 'completion', prompt: 'prompt', completion: 'completion' },
} as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-parity-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const cache = () => join(folder, 'cache')
const opened = (name = 'model') => openModel(join(fixture, name), cache())
const examplesOf = (open: OpenModel): Promise<Example[]> =>
  readExamples(rows, open.tokenizer, { maxLength: golden.max_length, completionOnlyLoss: true })

describe('logits', () => {
  it.each(['model', 'model-f16', 'model-bf16'])('of %s agree to 1e-4', async (name) => {
    const { open, generator } = await openWriter({ folder: join(fixture, name), adapter: null }, cache())
    const examples = await examplesOf(open)
    const vocabulary = open.model.shape.vocabularySize
    const count = name === 'model' ? 3 : 1
    for (let row = 0; row < count; row++) {
      const expected = await goldenTensor(`logits/${name}/row${row}`)
      const run = generator.begin()
      const ids = [...examples[row]!.ids]
      // The prompt in two passes and then token by token, so that the cache is on trial too.
      const half = ids.length >> 1
      const first = await run.next(ids.slice(0, half))
      expect(relativeError(first, expected.subarray((half - 1) * vocabulary, half * vocabulary))).toBeLessThan(1e-4)
      for (let i = half; i < ids.length; i++) {
        const logits = await run.next([ids[i]!])
        expect(relativeError(logits, expected.subarray(i * vocabulary, (i + 1) * vocabulary))).toBeLessThan(1e-4)
      }
    }
    await generator.close()
  })

  it('of variants agree to 1e-4', async () => {
    const variants = resolve('tests/fixtures/gpt2-variants')
    const reference = JSON.parse(await readFile(join(variants, 'golden.json'), 'utf8'))
    expect(Object.keys(reference.logits).length).toBeGreaterThan(3)
    for (const [name, expected] of Object.entries<number[][]>(reference.logits)) {
      const logits = await logitsWithoutTokenizer(join(variants, name), reference.input_ids.flat())
      expect(relativeError(logits, expected.flat(2)), name).toBeLessThan(1e-4)
    }
  })
})

/** Logits of every position of one row, for a folder that has no tokenizer. */
async function logitsWithoutTokenizer(path: string, ids: number[]): Promise<Float32Array> {
  const { openCheckpoint } = await import('../../src/main/engine/weights/checkpoint')
  const { prepareFloat32 } = await import('../../src/main/engine/weights/mapped')
  const { modelOf } = await import('../../src/main/engine/models')
  const { openGenerator } = await import('../../src/main/engine/jobs/generator')
  const { frozenParts } = await import('../../src/main/engine/jobs/open-model')
  const { plainLinear } = await import('../../src/main/engine/nn/weights')
  const { weightsOf } = await import('../../src/main/engine/nn/weights')
  const checkpoint = await openCheckpoint(path)
  const model = modelOf(checkpoint.config, join(path, 'config.json'))
  const weights = await prepareFloat32(checkpoint, cache())
  const open = { folder: path, model, checkpoint, weights, linears: plainLinear } as OpenModel
  const generator = await openGenerator(open, () => weightsOf(frozenParts(open)), {}, { prepack: true })
  const run = generator.begin()
  const all: number[] = []
  for (const id of ids) all.push(...(await run.next([id])))
  await generator.close()
  return Float32Array.from(all)
}

describe('gradients of a ragged batch', () => {
  it.each(['full', 'lora'] as const)('%s: loss to 1e-4, every gradient to 1e-3', async (method) => {
    const open = await opened()
    const batch = (await examplesOf(open)).slice(0, 4)
    const trainable = method === 'full' ? fullyTrainable(open) : await withRandomAdapter(open)
    const graphs = await openTrainingGraphs(open, trainable, {
      gradient_accumulation_steps: 1,
      gradient_checkpointing: false,
      model_dropout: 'none',
      lora_dropout: 0,
    })
    if (method === 'full') await initialize(open, trainable, graphs.parameters, 0)
    else await fillFromAdapter(join(fixture, 'adapter-random'), graphs.parameters)
    const { lossSum, supervised } = await graphs.gradientsOf([batch], 0)
    expect(supervised).toBe(golden.batch.targets)
    expect(Math.abs(lossSum / supervised / golden.batch[method].loss - 1)).toBeLessThan(1e-4)
    for (const [name, { data }] of Object.entries(tensorsOf(graphs.parameters, graphs.parameters.gradients))) {
      const expected = await goldenTensor(
        `gradients/${method}/${method === 'lora' ? `base_model.model.${name}` : name}`,
      )
      expect(relativeError(data as Float32Array, expected), name).toBeLessThan(1e-3)
    }
    await graphs.close()
  })

  it('are the same row by row as in one batch', async () => {
    const open = await opened()
    const batch = (await examplesOf(open)).slice(0, 4)
    const gradientsOf = async (microBatches: Example[][]) => {
      const trainable = fullyTrainable(open)
      const graphs = await openTrainingGraphs(open, trainable, {
        gradient_accumulation_steps: 4,
        gradient_checkpointing: true,
        model_dropout: 'none',
        lora_dropout: 0,
      })
      await initialize(open, trainable, graphs.parameters, 0)
      await graphs.gradientsOf(microBatches, 0)
      await graphs.close()
      return graphs.parameters.gradients
    }
    const together = await gradientsOf([batch])
    const apart = await gradientsOf(batch.map((row) => [row]))
    expect(relativeError(apart, together)).toBeLessThan(1e-5)
  })
})

async function withRandomAdapter(open: OpenModel) {
  const { readAdapter } = await import('../../src/main/engine/weights/peft')
  const { config, modules } = await readAdapter(join(fixture, 'adapter-random'))
  return adapted(open, config, new Set(modules.map(({ path }) => path)))
}

const common: GivenArguments = {
  max_steps: 10,
  max_length: golden.max_length,
  per_device_train_batch_size: 2,
  gradient_accumulation_steps: 2,
  max_grad_norm: 0.5,
  warmup_steps: 3,
  weight_decay: 0.05,
  logging_steps: 1,
  shuffle: false,
  validation_split: 0,
}

function specOf(name: string, args: GivenArguments): TrainSpec {
  return {
    run: name,
    model: { folder: join(fixture, 'model'), adapter: null },
    train: rows,
    validation: null,
    outputDir: join(folder, name),
    cacheDir: cache(),
    arguments: { ...common, ...args },
    resumeFrom: null,
    samplePrompts: [],
  }
}

async function eventsOf(spec: TrainSpec): Promise<UnstampedTrainEvent[]> {
  const events: UnstampedTrainEvent[] = []
  for await (const event of train(spec, control())) events.push(event)
  return events
}
const logsOf = (events: UnstampedTrainEvent[]) => events.filter((event) => event.type === 'log')

describe('ten steps of training, as the Trainer does them', () => {
  it.each(['lora', 'full'] as const)('%s: losses to 1e-4', async (method) => {
    const reference = golden.training[method]
    const logs = logsOf(
      await eventsOf(
        specOf(`parity-${method}`, {
          method,
          learning_rate: reference.learning_rate_argument,
          ...(method === 'lora' ? { init_adapter: join(fixture, 'adapter') } : {}),
        }),
      ),
    )
    expect(logs.length).toBe(10)
    logs.forEach((log, i) => {
      expect(Math.abs(log.loss / reference.loss[i] - 1), `loss of step ${i + 1}`).toBeLessThan(1e-4)
      expect(Math.abs(log.gradNorm / reference.grad_norm[i] - 1), `norm of step ${i + 1}`).toBeLessThan(1e-3)
      expect(log.learningRate).toBeCloseTo(reference.learning_rate[i], 9)
      expect(log.epoch).toBeCloseTo(reference.epoch[i], 6)
    })
    const file = method === 'lora' ? 'adapter_model.safetensors' : 'model.safetensors'
    const trained = await readHeader(join(folder, `parity-${method}`, 'checkpoint-10', file))
    for (const entry of trained.tensors) {
      // The softmax does not feel the key bias, so its gradient is rounding noise that Adam blows up.
      if (method === 'full' && entry.name.endsWith('attn.c_attn.bias')) continue
      const expected = await goldenTensor(`trained/${method}/${entry.name}`)
      expect(relativeError(await readFloat32(entry), expected), entry.name).toBeLessThan(2e-3)
    }
  })
})

describe('greedy generation', () => {
  it('agrees token for token', async () => {
    const { open, generator } = await openWriter({ folder: join(fixture, 'model'), adapter: null }, cache())
    for (const { prompt, new_ids, text } of golden.generation) {
      const settings = { ...defaultGenerationSettings, do_sample: false, max_new_tokens: new_ids.length }
      const done = await completion(write(open, generator, { text: prompt }, settings, new AbortController().signal))
      expect(done.text).toBe(text)
    }
    await generator.close()
  })
})
