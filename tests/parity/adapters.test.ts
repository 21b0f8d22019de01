/**
 * Adapters of every kind beside peft, over the tiny GPT-2: gradients of a batch, ten steps of training, merged matrices;
 * what peft wrote is read, and what we write is what peft would. Written by `tests/reference/adapters.py`.
 */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExamples } from '../../src/main/engine/data/examples'
import { chooseAdapter } from '../../src/main/engine/jobs/adapter-choice'
import { fillFromAdapter } from '../../src/main/engine/jobs/checkpoint-folder'
import { control } from '../../src/main/engine/jobs/control'
import { evaluate } from '../../src/main/engine/jobs/evaluate'
import { exportModel } from '../../src/main/engine/jobs/export'
import { initialize } from '../../src/main/engine/jobs/first-weights'
import { openModel } from '../../src/main/engine/jobs/open-model'
import { tensorsOf } from '../../src/main/engine/jobs/parameters'
import { train } from '../../src/main/engine/jobs/train'
import { adapted } from '../../src/main/engine/jobs/trainable'
import { openTrainingGraphs } from '../../src/main/engine/jobs/training-step'
import type { TrainSpec } from '../../src/main/engine/protocol'
import { openCheckpoint } from '../../src/main/engine/weights/checkpoint'
import { readAdapter } from '../../src/main/engine/weights/peft'
import { readFloat32, readHeader } from '../../src/main/engine/weights/safetensors'
import { type GivenArguments, resolveArguments, type UnstampedTrainEvent } from '../../src/shared/contract'
import { relativeError } from './support/relative-error'

const fixture = resolve('tests/fixtures/adapters')
const model = resolve('tests/fixtures/gpt2-tiny/model')
/** The model that a variant belongs to. */
const baseOf = (variant: string) => (variant === 'llama' ? resolve('tests/fixtures/families/llama') : model)
const golden = JSON.parse(await readFile(join(fixture, 'golden.json'), 'utf8'))
const goldenTensors = new Map((await readHeader(join(fixture, 'golden.safetensors'))).tensors.map((t) => [t.name, t]))
const variants = Object.keys(golden.variants)
const rows = {
  file: resolve('tests/fixtures/gpt2-tiny/rows.jsonl'),
  mapping: { kind: 'completion', prompt: 'prompt', completion: 'completion' },
} as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-adapters-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const cache = () => join(folder, 'cache')

const settings = {
  gradient_accumulation_steps: 1,
  gradient_checkpointing: false,
  model_dropout: 'none',
  lora_dropout: 0,
} as const

/** Loss and gradients of the first four rows, from a variant's adapter. */
async function batchGradients(
  variant: string,
  changes: { lora_dropout?: number; gradient_checkpointing?: boolean } = {},
) {
  const open = await openModel(baseOf(variant), cache())
  const adapter = join(fixture, variant)
  const { config, modules } = await readAdapter(adapter)
  const paths = new Set(modules.map(({ path }) => path))
  const trainable = adapted(open, { ...config, dropout: changes.lora_dropout ?? 0 }, paths)
  const graphs = await openTrainingGraphs(open, trainable, { ...settings, ...changes })
  await fillFromAdapter(adapter, graphs.parameters)
  const options = { maxLength: golden.max_length, completionOnlyLoss: true }
  const batch = (await readExamples(rows, open.tokenizer, options)).slice(0, 4)
  const { lossSum, supervised } = await graphs.gradientsOf([batch], 1)
  await graphs.close()
  return { loss: lossSum / supervised, gradients: tensorsOf(graphs.parameters, graphs.parameters.gradients) }
}

async function expectGolden(variant: string, { loss, gradients }: Awaited<ReturnType<typeof batchGradients>>) {
  expect(Math.abs(loss / golden.variants[variant].loss - 1)).toBeLessThan(1e-4)
  const prefix = `${variant}/gradient/`
  const expected = [...goldenTensors.keys()].filter((name) => name.startsWith(prefix))
  expect(Object.keys(gradients).sort()).toEqual(expected.map((name) => name.slice(prefix.length)).sort())
  for (const [name, { data }] of Object.entries(gradients)) {
    // The softmax does not feel the key bias, whose gradient is rounding noise: the middle third of c_attn's.
    const felt = name.endsWith('c_attn.bias') ? 32 : data.length
    const reference = await readFloat32(goldenTensors.get(prefix + name)!)
    expect(relativeError((data as Float32Array).subarray(0, felt), reference.subarray(0, felt)), name).toBeLessThan(
      1e-3,
    )
  }
}

describe('gradients of a ragged batch', () => {
  it.each(variants)('%s: loss to 1e-4, every gradient to 1e-3', async (variant) => {
    await expectGolden(variant, await batchGradients(variant))
  })

  it.each(['dora', 'bias-lora-only', 'rslora', 'llama'])(
    '%s: the same when dropout drops nothing, and when layers are computed again',
    async (variant) => {
      await expectGolden(variant, await batchGradients(variant, { lora_dropout: 1e-9 }))
      await expectGolden(variant, await batchGradients(variant, { gradient_checkpointing: true }))
    },
  )
})

function specOf(name: string, args: GivenArguments, changes: Partial<TrainSpec> = {}): TrainSpec {
  const { seed: _, ...training } = golden.training
  return {
    run: name,
    model: { folder: model, adapter: null },
    train: rows,
    validation: null,
    outputDir: join(folder, name),
    cacheDir: cache(),
    arguments: { ...training, max_length: golden.max_length, shuffle: false, validation_split: 0, ...args },
    resumeFrom: null,
    samplePrompts: [],
    ...changes,
  }
}

async function logsOf(spec: TrainSpec) {
  const logs: Extract<UnstampedTrainEvent, { type: 'log' }>[] = []
  for await (const event of train(spec, control())) if (event.type === 'log') logs.push(event)
  return logs
}

describe('ten steps of training from what peft wrote', () => {
  it.each(variants)(
    '%s: losses to 1e-4, norms to 1e-3; the checkpoint is the same kind of adapter',
    async (variant) => {
      const from = join(fixture, variant)
      const reference = golden.variants[variant].training
      const base = { folder: baseOf(variant), adapter: null }
      const logs = await logsOf(specOf(variant, { init_adapter: from }, { model: base }))
      expect(logs.length).toBe(10)
      logs.forEach((log, i) => {
        expect(Math.abs(log.loss / reference.loss[i] - 1), `loss of step ${i + 1}`).toBeLessThan(1e-4)
        expect(Math.abs(log.gradNorm / reference.grad_norm[i] - 1), `norm of step ${i + 1}`).toBeLessThan(1e-3)
      })
      const [before, after] = [await readAdapter(from), await readAdapter(join(folder, variant, 'checkpoint-10'))]
      const names = ({ tensors }: typeof before) => [...tensors.values()].map(({ name }) => name).sort()
      expect(names(after)).toEqual(names(before))
      const { baseModel: _, ...config } = before.config
      expect(after.config).toMatchObject(config)
    },
  )

  it.each(['embedding', 'bias-lora-only'])('%s: goes on from a checkpoint with the same bits', async (variant) => {
    const args = {
      init_adapter: join(fixture, variant),
      lora_dropout: 0.1,
      save_strategy: 'steps',
      save_steps: 4,
    } as const
    const whole = await logsOf(specOf(`${variant}-whole`, args))
    const resumeFrom = join(folder, `${variant}-whole`, 'checkpoint-4')
    const resumed = await logsOf(specOf(`${variant}-resumed`, args, { resumeFrom }))
    expect(resumed.map(({ step, loss, gradNorm }) => [step, loss, gradNorm])).toEqual(
      whole.slice(4).map(({ step, loss, gradNorm }) => [step, loss, gradNorm]),
    )
  })
})

describe('full fine-tuning with frozen tensors', () => {
  const { freeze, training } = golden.frozen

  it('has the losses of the Trainer, and a checkpoint that is whole', async () => {
    const logs = await logsOf(specOf('frozen', { method: 'full', freeze }))
    logs.forEach((log, i) => {
      expect(Math.abs(log.loss / training.loss[i] - 1), `loss of step ${i + 1}`).toBeLessThan(1e-4)
      expect(Math.abs(log.gradNorm / training.grad_norm[i] - 1), `norm of step ${i + 1}`).toBeLessThan(1e-3)
    })
    const [before, after] = [await openCheckpoint(model), await openCheckpoint(join(folder, 'frozen', 'checkpoint-10'))]
    expect([...after.tensors.keys()].sort()).toEqual([...before.tensors.keys()].sort())
    for (const [name, entry] of before.tensors) {
      const kept = name === 'transformer.wte.weight' || name.startsWith('transformer.h.0.')
      const same = Buffer.from((await readFloat32(entry)).buffer).equals(
        Buffer.from((await readFloat32(after.tensors.get(name)!)).buffer),
      )
      expect(same, name).toBe(kept)
    }
  })

  it('goes on from a checkpoint with the same bits', async () => {
    const args = { method: 'full', freeze, save_strategy: 'steps', save_steps: 4 } as const
    const whole = await logsOf(specOf('frozen-whole', args))
    const resumeFrom = join(folder, 'frozen-whole', 'checkpoint-4')
    const resumed = await logsOf(specOf('frozen-resumed', args, { resumeFrom }))
    expect(resumed.map(({ loss, gradNorm }) => [loss, gradNorm])).toEqual(
      whole.slice(4).map(({ loss, gradNorm }) => [loss, gradNorm]),
    )
  })

  it('names the pattern that matches nothing', async () => {
    await expect(logsOf(specOf('misspelt', { method: 'full', freeze: ['*.wte', 'h.0.*'] }))).rejects.toThrow(
      /freeze: "\*\.wte" matches none of the model's tensors/,
    )
  })
})

describe('a fresh adapter', () => {
  it('has magnitudes as long as the rows of its base, and the modules that are trained whole as they were', async () => {
    const open = await openModel(model, cache())
    const given: GivenArguments = {
      use_dora: true,
      target_modules: ['c_attn', 'mlp.c_proj'],
      modules_to_save: ['lm_head'],
      lora_r: 4,
    }
    const context = { contextLength: 64, hasValidationData: true, hasPrompts: true }
    const { config, paths } = await chooseAdapter(open, resolveArguments(given, {}, context))
    const trainable = adapted(open, config, paths)
    const graphs = await openTrainingGraphs(open, trainable, settings)
    await initialize(open, trainable, graphs.parameters, 1)
    const values = tensorsOf(graphs.parameters, graphs.parameters.weights)
    const { tensors } = await readAdapter(join(fixture, 'dora'))
    const magnitudes = [...tensors].filter(([name]) => name.endsWith('.lora_magnitude_vector'))
    expect(magnitudes.length).toBe(4)
    for (const [name, entry] of magnitudes)
      expect(relativeError(values[name]!.data as Float32Array, await readFloat32(entry)), name).toBeLessThan(1e-6)
    const embedding = await readFloat32(open.checkpoint.tensors.get('transformer.wte.weight')!)
    expect(values['lm_head.weight']!.data).toEqual(embedding)
    await graphs.close()
  })
})

describe('over a quantized base', () => {
  it.each(['nf4', 'int8'] as const)('%s: fresh magnitudes are those of the matrices that it holds', async (type) => {
    const args = { base_quantization: type, max_steps: 2, lora_alpha: 8, lora_r: 4 } as const
    const plain = await logsOf(specOf(`${type}-lora`, args))
    const dora = await logsOf(specOf(`${type}-dora`, { ...args, use_dora: true }))
    // B is zero, so nothing is rescaled before the first step, which has the learning rate 0.
    expect(dora.length).toBe(2)
    dora.forEach((log, i) => {
      expect(Math.abs(log.loss / plain[i]!.loss - 1)).toBeLessThan(1e-6)
    })
  })
})

describe('a merged model', () => {
  it.each(variants)('%s: has the matrices that peft merges, and the loss of the adapter', async (variant) => {
    const adapter = join(fixture, variant)
    const target = join(folder, `${variant}-merged`)
    const base = baseOf(variant)
    const spec = {
      model: { folder: base, adapter },
      format: 'safetensors',
      dtype: null,
      folder: target,
      overwrite: false,
      sourceName: variant,
    } as const
    for await (const _ of exportModel(spec, control()));
    const merged = await openCheckpoint(target)
    const prefix = `${variant}/merged/`
    const expected = [...goldenTensors.values()].filter(({ name }) => name.startsWith(prefix))
    expect(expected.length).toBeGreaterThan(0)
    for (const entry of expected) {
      const own = await readFloat32(merged.tensors.get(entry.name.slice(prefix.length))!)
      expect(relativeError(own, await readFloat32(entry)), entry.name).toBeLessThan(1e-5)
    }
    const tuned = await lossOf({ folder: base, adapter })
    expect(Math.abs(tuned / (await lossOf({ folder: target, adapter: null })) - 1)).toBeLessThan(1e-5)
    expect(Math.abs(tuned / (await lossOf({ folder: base, adapter: null })) - 1)).toBeGreaterThan(1e-4)
  })
})

async function lossOf(files: { folder: string; adapter: string | null }): Promise<number> {
  const spec = {
    model: files,
    cacheDir: cache(),
    rows,
    maxLength: golden.max_length,
    batchSize: 4,
    completionOnlyLoss: true,
    quantization: 'none',
  } as const
  for await (const event of evaluate(spec, control())) if (event.type === 'done') return event.loss
  throw new Error('The evaluation did not finish.')
}

describe('what an adapter may be called upon', () => {
  const changed = async (name: string, changes: object) => {
    const path = await mkdtemp(join(folder, 'changed-'))
    await cp(join(fixture, name), path, { recursive: true })
    const file = join(path, 'adapter_config.json')
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), ...changes }))
    return path
  }

  it.each([
    ['a pattern', { target_modules: '.*c_attn|.*mlp\\.c_proj' }],
    ['exclusions', { target_modules: ['c_attn', 'c_proj'], exclude_modules: ['attn.c_proj'] }],
  ])('targets given as %s are written as names', async (what, changes) => {
    const from = await changed('dora', changes)
    await logsOf(specOf(`targets-${what}`, { init_adapter: from, max_steps: 1 }))
    const { config } = await readAdapter(join(folder, `targets-${what}`, 'checkpoint-1'))
    const paths = [0, 1].flatMap((i) => [`transformer.h.${i}.attn.c_attn`, `transformer.h.${i}.mlp.c_proj`])
    expect([...config.targetModules].sort()).toEqual(paths.sort())
  })

  it.each<[GivenArguments, RegExp]>([
    [{ modules_to_save: ['lm_hat'] }, /modules_to_save: "lm_hat" names no module .* wte/],
    [{ rank_pattern: { c_atn: 2 } }, /rank_pattern: "c_atn" matches no layer .* c_attn/],
    [{ alpha_pattern: { c_fc: 2 }, target_modules: ['c_attn'] }, /alpha_pattern: "c_fc" matches no layer/],
    [{ rank_pattern: { 'c_(attn': 2 } }, /"c_\(attn" is not a regular expression/],
    [{ target_modules: ['c_attn'], modules_to_save: ['attn.c_attn'] }, /leave no layer for an adapter/],
  ])('%j is refused in a sentence', async (given, sentence) => {
    await expect(logsOf(specOf('refused', given))).rejects.toThrow(sentence)
  })
})
