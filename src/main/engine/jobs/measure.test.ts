import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { trainingMethods } from '../../../shared/contract'
import type { MeasureSpec } from '../protocol'
import { control } from './control'
import { measure } from './measure'
import { assureMemory } from './memory-check'
import { measureProcessor } from './processor'
import { planRun } from './run-plan'

const fixtures = join(import.meta.dirname, '../../../../tests/fixtures/gpt2-tiny')
vi.setConfig({ testTimeout: 60_000 })

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-measure-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const specOf = (given: MeasureSpec['arguments'] = {}): MeasureSpec => ({
  model: { folder: join(fixtures, 'model'), adapter: null },
  train: {
    file: join(fixtures, 'rows.jsonl'),
    mapping: { kind: 'completion', prompt: 'prompt', completion: 'completion' },
  },
  validation: null,
  cacheDir: folder,
  arguments: given,
})

async function eventsOf(spec: MeasureSpec) {
  const events = []
  for await (const event of measure(spec, control())) events.push(event)
  return events
}

describe('a trial', () => {
  it.each(trainingMethods)('of $title says what the run would take', async ({ arguments: chosen }) => {
    const events = await eventsOf(specOf({ ...chosen, num_train_epochs: 2, eval_strategy: 'no' }))
    expect(events.map(({ type }) => type)).toEqual(['progress', 'progress', 'done'])
    const done = events.at(-1)!
    if (done.type !== 'done') throw new Error('it did not end')
    const { peakMemoryBytes, secondsPerStep, tokensPerSecond, seconds } = done.measurement
    expect(peakMemoryBytes).toBeGreaterThan(50e6)
    const { data } = await planRun({ ...specOf({ num_train_epochs: 2 }), resumeFrom: null })
    expect(seconds).toBeCloseTo(secondsPerStep * data.steps, 6)
    const tokens = data.train.reduce((sum, row) => sum + data.examples[row]!.ids.length, 0)
    expect(tokensPerSecond).toBeCloseTo(tokens / data.stepsPerEpoch / secondsPerStep, 3)
    expect((await readdir(folder)).filter((name) => name.startsWith('checkpoint'))).toEqual([])
  })

  it('counts the evaluations of the run', async () => {
    const last = async (given: MeasureSpec['arguments']) => (await eventsOf(specOf(given))).at(-1)!
    const done = await last({ eval_strategy: 'steps', eval_steps: 1, validation_split: 0.3 })
    if (done.type !== 'done') throw new Error('it did not end')
    const { data } = await planRun({ ...specOf({ validation_split: 0.3 }), resumeFrom: null })
    expect(done.measurement.seconds).toBeGreaterThan(done.measurement.secondsPerStep * data.steps)
  })

  it('ends when it is told to', async () => {
    const told = control()
    const events = []
    for await (const event of measure(specOf(), told)) {
      events.push(event)
      told.stop()
    }
    expect(events).toEqual([{ type: 'progress', step: 1, steps: 2 }])
  })
})

describe('memory', () => {
  it('that is clearly short is said before anything is compiled', async () => {
    const plan = await planRun({ ...specOf({ per_device_train_batch_size: 8 }), resumeFrom: null })
    await expect(assureMemory(plan, 1e12)).resolves.toBeUndefined()
    await expect(assureMemory(plan, 10e6)).rejects.toMatchObject({
      code: 'out_of_memory',
      message: expect.stringMatching(/^This run needs about \d+ MB of memory, and 10 MB are free\. Even with /),
    })
  })

  it('of this machine is enough for a tiny model', async () => {
    await expect(assureMemory(await planRun({ ...specOf(), resumeFrom: null }))).resolves.toBeUndefined()
  })
})

it('measures both kinds of product', async () => {
  for await (const { rates } of measureProcessor({ milliseconds: 30 }, control())) {
    expect(rates.float32).toBeGreaterThan(1e8)
    expect(rates.int8).toBeGreaterThan(1e8)
  }
})
