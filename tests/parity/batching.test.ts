/**
 * What must not depend on how rows are put together: loss and gradients of the same rows alone, in one batch and packed;
 * gradients added up over passes; with layers built again on the way back. For every architecture, with its adapters.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Example, readExamples } from '../../src/main/engine/data/examples'
import { packRows } from '../../src/main/engine/data/packing'
import { fillFromAdapter } from '../../src/main/engine/jobs/checkpoint-folder'
import { openModel } from '../../src/main/engine/jobs/open-model'
import { adapted } from '../../src/main/engine/jobs/trainable'
import { openTrainingGraphs, type StepSettings } from '../../src/main/engine/jobs/training-step'
import { readAdapter } from '../../src/main/engine/weights/peft'
import { readFloat32, readHeader } from '../../src/main/engine/weights/safetensors'

const gpt2 = resolve('tests/fixtures/gpt2-tiny')
const families = resolve('tests/fixtures/families')
/** A model, and an adapter of it whose B is not zero. */
type Case = { name: string; model: string; adapter: string }
const cases: Case[] = [
  { name: 'gpt2', model: join(gpt2, 'model'), adapter: join(gpt2, 'adapter-random') },
  ...readdirSync(families, { withFileTypes: true }).flatMap((entry) => {
    const model = join(families, entry.name)
    return entry.isDirectory() ? [{ name: entry.name, model, adapter: join(model, 'adapter') }] : []
  }),
]

/** One model of each architecture. */
function oneOfEach(models: readonly Case[]): Case[] {
  const typeOf = ({ model }: Case) => JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')).model_type
  return [...new Map(models.map((model) => [typeOf(model), model])).values()]
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-batching-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const opened = (model: string) => openModel(model, join(folder, 'cache'))

/** Eight ragged rows. */
async function rowsOf({ model }: Case): Promise<Example[]> {
  const { tokenizer } = await opened(model)
  const mapping = { kind: 'completion', prompt: 'prompt', completion: 'completion' } as const
  const source = { file: join(gpt2, 'rows.jsonl'), mapping }
  return (await readExamples(source, tokenizer, { maxLength: 48, completionOnlyLoss: true })).slice(0, 8)
}

async function graphsOf({ model, adapter }: Case, settings: StepSettings) {
  const open = await opened(model)
  const { config, modules } = await readAdapter(adapter)
  const { lora_dropout: dropout = 0 } = settings
  const trainable = adapted(open, { ...config, dropout }, new Set(modules.map(({ path }) => path)))
  const graphs = await openTrainingGraphs(open, trainable, settings)
  await fillFromAdapter(adapter, graphs.parameters)
  const gradientsOf = async (microBatches: Example[][], seed = 1) => {
    const { lossSum, supervised } = await graphs.gradientsOf(microBatches, seed)
    return { loss: lossSum / supervised, gradients: graphs.parameters.gradients.slice() }
  }
  return { graphs, gradientsOf, close: graphs.close }
}

/** Length of the difference, relative to the length of the reference. */
function relativeDistance(actual: Float32Array, expected: Float32Array): number {
  const squares = (value: (i: number) => number) => expected.reduce((sum, _, i) => sum + value(i) ** 2, 0)
  return Math.sqrt(squares((i) => actual[i]! - expected[i]!) / squares((i) => expected[i]!))
}

const alone = (rows: readonly Example[]) => rows.map((row) => [row])
const packed = (rows: readonly Example[]) =>
  packRows(
    rows.map(({ ids }) => ids.length),
    96,
  ).map((sequence) => sequence.map((row) => rows[row]!))

describe.each(cases)('$name', (model) => {
  it('gives rows the same loss and gradients alone, in one batch, and packed', async () => {
    const rows = await rowsOf(model)
    expect(new Set(rows.map(({ ids }) => ids.length)).size).toBeGreaterThan(4)
    expect(packed(rows).length).toBeLessThan(5)
    const { graphs, gradientsOf, close } = await graphsOf(model, { gradient_accumulation_steps: 8 })
    const reference = await gradientsOf(alone(rows))
    for (const together of [[rows], [rows.toReversed()], packed(rows), [packed(rows).flat()]]) {
      const { loss, gradients } = await gradientsOf(together)
      expect(Math.abs(loss / reference.loss - 1)).toBeLessThan(1e-6)
      expect(relativeDistance(gradients, reference.gradients)).toBeLessThan(1e-6)
    }
    const evaluated = await graphs.lossOf(rows)
    expect(Math.abs(evaluated.lossSum / evaluated.supervised / reference.loss - 1)).toBeLessThan(1e-6)
    await close()
  })
})

describe.each(oneOfEach(cases))('$name', (model) => {
  it('builds layers again with the same dropout', async () => {
    const dropping = await withDropout(model)
    const rows = (await rowsOf(model)).slice(0, 3)
    const settings: StepSettings = { model_dropout: 'config', lora_dropout: 0.2, neftune_noise_alpha: 5 }
    const outcomes = []
    for (const gradient_checkpointing of [false, true]) {
      const { gradientsOf, close } = await graphsOf(dropping, { ...settings, gradient_checkpointing })
      outcomes.push(await gradientsOf([rows], 7), await gradientsOf([rows], 8))
      await close()
    }
    const [kept, other, again, otherAgain] = outcomes as [Outcome, Outcome, Outcome, Outcome]
    expect(Math.abs(other.loss / kept.loss - 1)).toBeGreaterThan(1e-5)
    for (const [one, two] of [
      [kept, again],
      [other, otherAgain],
    ] as const) {
      expect(Math.abs(two.loss / one.loss - 1)).toBeLessThan(1e-6)
      expect(relativeDistance(two.gradients, one.gradients)).toBeLessThan(1e-6)
    }
  })
})
type Outcome = { loss: number; gradients: Float32Array }

const probabilities = /^(attention_dropout|hidden_dropout|(attn|embd|resid)_pdrop)$/

/** A copy of the model whose configuration names dropout. */
async function withDropout(model: Case): Promise<Case> {
  const copy = join(folder, `${model.name}-dropout`)
  await cp(model.model, copy, { recursive: true })
  const file = join(copy, 'config.json')
  const config: Record<string, unknown> = JSON.parse(await readFile(file, 'utf8'))
  const named = Object.keys(config).filter((key) => probabilities.test(key))
  expect(named.length).toBeGreaterThan(0)
  await writeFile(file, JSON.stringify({ ...config, ...Object.fromEntries(named.map((key) => [key, 0.3])) }))
  return { ...model, model: copy }
}

describe('what training adds to the loss', () => {
  const model = cases[0]!
  const golden = JSON.parse(readFileSync(join(gpt2, 'golden.json'), 'utf8'))

  it.each([
    ['dropout of the adapters', { lora_dropout: 0.3 }],
    ['noise on the embeddings', { neftune_noise_alpha: 5 }],
  ])('%s is in the gradients, and not in the evaluation', async (_, settings) => {
    const rows = await rowsOf(model)
    const plain = await graphsOf(model, {})
    const random = await graphsOf(model, settings)
    const reference = await plain.gradientsOf([rows])
    const first = await random.gradientsOf([rows], 1)
    expect(Math.abs(first.loss / reference.loss - 1)).toBeGreaterThan(1e-5)
    expect((await random.gradientsOf([rows], 2)).loss).not.toBe(first.loss)
    const again = await random.gradientsOf([rows], 1)
    expect([again.loss, relativeDistance(again.gradients, first.gradients)]).toEqual([first.loss, 0])
    expect(await random.graphs.lossOf(rows)).toEqual(await plain.graphs.lossOf(rows))
    await plain.close()
    await random.close()
  })

  it('label smoothing is in both, as the Trainer has it', async () => {
    const share = 0.1
    const { tensors } = await readHeader(join(gpt2, 'golden.safetensors'))
    const logits = await readFloat32(tensors.find(({ name }) => name === 'logits/model/row0')!)
    const { ids, labels }: { ids: number[]; labels: number[] } = golden.rows[0]
    const V = logits.length / ids.length
    const losses = labels.slice(1).flatMap((label, i) => {
      const z = logits.subarray(i * V, (i + 1) * V)
      const logSum = Math.log(z.reduce((sum, value) => sum + Math.exp(value), 0))
      const mean = z.reduce((sum, value) => sum + value, 0) / V
      return label < 0 ? [] : [(1 - share) * (logSum - z[label]!) + share * (logSum - mean)]
    })
    const expected = losses.reduce((sum, loss) => sum + loss, 0)
    const untrained = { ...model, adapter: join(gpt2, 'adapter') } // its B is zero, so the model is the bare one
    const { graphs, close } = await graphsOf(untrained, { label_smoothing_factor: share })
    const row = {
      ids: Int32Array.from(ids),
      labels: Int32Array.from(labels),
      supervised: losses.length,
      wholeLength: ids.length,
      truncated: false,
    }
    expect((await graphs.lossOf([row])).lossSum / expected).toBeCloseTo(1, 5)
    expect((await graphs.gradientsOf([[row]], 0)).lossSum / expected).toBeCloseTo(1, 5)
    await close()
  })
})
