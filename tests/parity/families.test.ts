/**
 * Every architecture beside transformers and peft: for each folder of `tests/fixtures/families` logits through the cache,
 * LoRA gradients, ten losses, greedy generation. Written by `tests/reference/families.py`; see the README there.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fillFromAdapter } from '../../src/main/engine/jobs/checkpoint-folder'
import { control } from '../../src/main/engine/jobs/control'
import { completion, openWriter, write } from '../../src/main/engine/jobs/generate'
import { openModel } from '../../src/main/engine/jobs/open-model'
import { tensorsOf } from '../../src/main/engine/jobs/parameters'
import { train } from '../../src/main/engine/jobs/train'
import { adapted } from '../../src/main/engine/jobs/trainable'
import { openTrainingGraphs } from '../../src/main/engine/jobs/training-step'
import { modelTypes } from '../../src/main/engine/models'
import { readAdapter } from '../../src/main/engine/weights/peft'
import { readFloat32, readHeader } from '../../src/main/engine/weights/safetensors'
import { defaultGenerationSettings, type UnstampedTrainEvent } from '../../src/shared/contract'
import { relativeError } from './support/relative-error'

const fixtures = resolve('tests/fixtures/families')
const cases = readdirSync(fixtures, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)
const json = (name: string, file: string) => JSON.parse(readFileSync(join(fixtures, name, file), 'utf8'))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-families-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const cache = () => join(folder, 'cache')

it('has a case for every architecture', () => {
  const covered = new Set(['gpt2', ...cases.map((name) => json(name, 'config.json').model_type)])
  expect([...covered].sort()).toEqual([...modelTypes].sort())
})

describe.each(cases)('%s', (name) => {
  const path = join(fixtures, name)
  const golden = json(name, 'golden.json')
  const goldenTensor = async (tensor: string) => {
    const { tensors } = await readHeader(join(path, 'golden.safetensors'))
    return readFloat32(tensors.find((entry) => entry.name === tensor)!)
  }

  it('logits to 1e-4, in several passes through the cache', async () => {
    const { open, generator } = await openWriter({ folder: path, adapter: null }, cache())
    const vocabulary = open.model.shape.vocabularySize
    for (const [row, { ids, passes }] of golden.logits.entries()) {
      const expected = await goldenTensor(`logits/${row}`)
      const run = generator.begin()
      let read = 0
      for (const [pass, count] of passes.entries()) {
        const logits = await run.next(ids.slice(read, read + count))
        read += count
        const reference = expected.subarray(pass * vocabulary, (pass + 1) * vocabulary)
        expect(relativeError(logits, reference), `row ${row}, pass ${pass}`).toBeLessThan(1e-4)
      }
      expect(read).toBe(ids.length)
    }
    await generator.close()
  })

  it('LoRA gradients of a ragged batch to 1e-3', async () => {
    const open = await openModel(path, cache())
    const { config, modules } = await readAdapter(join(path, 'adapter'))
    const trainable = adapted(open, config, new Set(modules.map((module) => module.path)))
    const graphs = await openTrainingGraphs(open, trainable, {
      gradient_accumulation_steps: 1,
      gradient_checkpointing: false,
      model_dropout: 'none',
      lora_dropout: 0,
    })
    await fillFromAdapter(join(path, 'adapter'), graphs.parameters)
    const { lossSum, supervised } = await graphs.gradientsOf([golden.batch.rows], 0)
    expect(supervised).toBe(golden.batch.targets)
    expect(Math.abs(lossSum / supervised / golden.batch.loss - 1)).toBeLessThan(1e-4)
    const gradients = Object.entries(tensorsOf(graphs.parameters, graphs.parameters.gradients))
    expect(gradients.length).toBeGreaterThan(10)
    for (const [tensor, { data }] of gradients) {
      const expected = await goldenTensor(`gradients/base_model.model.${tensor}`)
      expect(relativeError(data as Float32Array, expected), tensor).toBeLessThan(1e-3)
    }
    await graphs.close()
  })

  it('ten LoRA losses to 1e-4 and gradient norms to 1e-3', async () => {
    const { seed: _, ...args } = golden.training.arguments
    const events: UnstampedTrainEvent[] = []
    const spec = {
      run: name,
      model: { folder: path, adapter: null },
      train: {
        file: resolve('tests/fixtures/gpt2-tiny/rows.jsonl'),
        mapping: { kind: 'completion' as const, prompt: 'prompt', completion: 'completion' },
      },
      validation: null,
      outputDir: join(folder, name),
      cacheDir: cache(),
      arguments: {
        ...args,
        method: 'lora',
        init_adapter: join(path, 'adapter'),
        max_length: golden.max_length,
        shuffle: false,
        validation_split: 0,
      },
      resumeFrom: null,
      samplePrompts: [],
    }
    for await (const event of train(spec, control())) events.push(event)
    const logs = events.filter((event) => event.type === 'log')
    expect(logs.length).toBe(10)
    logs.forEach((log, i) => {
      expect(Math.abs(log.loss / golden.training.loss[i] - 1), `loss of step ${i + 1}`).toBeLessThan(1e-4)
      expect(Math.abs(log.gradNorm / golden.training.grad_norm[i] - 1), `norm of step ${i + 1}`).toBeLessThan(1e-3)
    })
  })

  it('greedy generation token for token, up to any of the ends', async () => {
    const { open, generator } = await openWriter({ folder: path, adapter: null }, cache())
    for (const { prompt, prompt_ids, new_ids, ended, text } of golden.generation) {
      const run = generator.begin()
      let pending: number[] = prompt_ids
      for (const id of new_ids) {
        const logits = await run.next(pending)
        pending = [logits.indexOf(Math.max(...logits))]
        expect(pending).toEqual([id])
      }
      const settings = { ...defaultGenerationSettings, do_sample: false, max_new_tokens: 16 }
      const done = await completion(write(open, generator, { text: prompt }, settings, new AbortController().signal))
      expect(done).toMatchObject({ text, tokens: new_ids.length, stopReason: ended ? 'eos' : 'length' })
    }
    await generator.close()
  })
})
