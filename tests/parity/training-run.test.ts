/**
 * A whole run of the train job on a tiny model: going on after a kill gives the same bits, controls are obeyed, what is
 * not finite stops it, and a checkpoint is laid out as the Trainer lays it out.
 */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ControlSwitch, control } from '../../src/main/engine/jobs/control'
import { train } from '../../src/main/engine/jobs/train'
import type { TrainSpec } from '../../src/main/engine/protocol'
import type { GivenArguments, UnstampedTrainEvent } from '../../src/shared/contract'

const fixture = resolve('tests/fixtures/gpt2-tiny')
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'camelot-run-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const specOf = (args: GivenArguments, changes: Partial<TrainSpec> = {}): TrainSpec => ({
  run: 'run',
  model: { folder: join(fixture, 'model'), adapter: null },
  train: {
    file: join(fixture, 'rows.jsonl'),
    mapping: { kind: 'completion', prompt: 'prompt', completion: 'completion' },
  },
  validation: null,
  outputDir: join(folder, 'out'),
  cacheDir: join(folder, 'cache'),
  arguments: { max_length: 48, learning_rate: 5e-3, logging_steps: 1, ...args },
  resumeFrom: null,
  samplePrompts: [],
  ...changes,
})

async function run(
  spec: TrainSpec,
  onEvent: (event: UnstampedTrainEvent, control: ControlSwitch) => void = () => undefined,
) {
  const events: UnstampedTrainEvent[] = []
  const own = control()
  for await (const event of train(spec, own)) {
    events.push(event)
    onEvent(event, own)
  }
  return events
}
type EventOf<T extends UnstampedTrainEvent['type']> = Extract<UnstampedTrainEvent, { type: T }>
const only = <T extends UnstampedTrainEvent['type']>(events: UnstampedTrainEvent[], type: T) =>
  events.filter((event): event is EventOf<T> => event.type === type)

const everything: GivenArguments = {
  max_steps: 14,
  per_device_train_batch_size: 2,
  gradient_accumulation_steps: 2,
  warmup_steps: 3,
  weight_decay: 0.1,
  validation_split: 0.2,
  eval_strategy: 'steps',
  eval_steps: 4,
  save_strategy: 'steps',
  save_steps: 5,
}

/** The model with dropout in its configuration. */
async function dropping(): Promise<string> {
  const copy = join(folder, 'dropping')
  await cp(join(fixture, 'model'), copy, { recursive: true })
  const config = JSON.parse(await readFile(join(copy, 'config.json'), 'utf8'))
  const dropout = { attn_pdrop: 0.1, resid_pdrop: 0.1, embd_pdrop: 0.1 }
  await writeFile(join(copy, 'config.json'), JSON.stringify({ ...config, ...dropout }))
  return copy
}

describe('going on from a checkpoint', () => {
  it.each([
    ['lora', { method: 'lora', lora_dropout: 0.1, optim: 'lion_32bit' }],
    ['full', { method: 'full', optim: 'adafactor' }],
    ['packed', { method: 'lora', packing: true, neftune_noise_alpha: 5, label_smoothing_factor: 0.1 }],
    ['8-bit', { method: 'full', optim: 'adamw_8bit', gradient_checkpointing: true }],
  ] as const)('%s: the losses after it have the same bits as an unbroken run', async (_, method) => {
    const args: GivenArguments = { ...everything, ...method }
    const whole = only(await run(specOf(args, { outputDir: join(folder, 'whole') })), 'log')
    expect(whole.map(({ step }) => step)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1))
    // Abandoned in the middle of step 8 and after the checkpoint of step 5, as a kill would.
    for await (const event of train(specOf(args), control())) if (event.type === 'log' && event.step === 8) break
    const resumed = await run(specOf(args, { resumeFrom: join(folder, 'out/checkpoint-5') }))
    expect(only(resumed, 'start')[0]!.resumedFrom).toBe(5)
    const logs = only(resumed, 'log')
    expect(logs.map(({ step }) => step)).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14])
    for (const log of logs) {
      const before = whole[log.step - 1]!
      expect([log.loss, log.gradNorm, log.learningRate]).toEqual([before.loss, before.gradNorm, before.learningRate])
    }
    const bytes = (out: string) =>
      readFile(
        join(folder, out, 'checkpoint-14', args.method === 'lora' ? 'adapter_model.safetensors' : 'model.safetensors'),
      )
    expect((await bytes('out')).equals(await bytes('whole'))).toBe(true)
  })

  it("with the model's own dropout: the same bits, which are others than without it", async () => {
    const model = { folder: await dropping(), adapter: null }
    const args: GivenArguments = { ...everything, method: 'full', max_steps: 7, model_dropout: 'config' }
    const lossesOf = async (changes: GivenArguments, resumeFrom: string | null = null) => {
      const events = await run(specOf({ ...args, ...changes }, { model, resumeFrom }))
      return only(events, 'log').map(({ loss }) => loss)
    }
    const whole = await lossesOf({})
    expect(await lossesOf({}, join(folder, 'out/checkpoint-5'))).toEqual(whole.slice(5))
    const plain = await lossesOf({ model_dropout: 'none' })
    expect(Math.abs(plain[0]! - whole[0]!)).toBeGreaterThan(1e-4)
  })

  it('refuses a folder that is none', async () => {
    await expect(run(specOf({}, { resumeFrom: folder }))).rejects.toThrow(
      /no checkpoint to go on from: trainer_state.json is missing/,
    )
  })
})

describe('checkpoints', () => {
  it('are laid out as the Trainer lays them out', async () => {
    const events = await run(specOf(everything))
    expect(only(events, 'checkpoint').map(({ step }) => step)).toEqual([5, 10, 14])
    const names = await readdir(join(folder, 'out/checkpoint-14'))
    for (const name of [
      'adapter_config.json',
      'adapter_model.safetensors',
      'tokenizer.json',
      'trainer_state.json',
      'optimizer.safetensors',
    ])
      expect(names).toContain(name)
    const state = JSON.parse(await readFile(join(folder, 'out/checkpoint-14/trainer_state.json'), 'utf8'))
    expect(state.global_step).toBe(14)
    expect(state.log_history.filter((entry: object) => 'loss' in entry).length).toBe(14)
    expect(
      state.log_history.filter((entry: object) => 'eval_loss' in entry).map((entry: { step: number }) => entry.step),
    ).toEqual([4, 8, 12, 14])
    const config = JSON.parse(await readFile(join(folder, 'out/checkpoint-14/adapter_config.json'), 'utf8'))
    expect(config).toMatchObject({
      peft_type: 'LORA',
      task_type: 'CAUSAL_LM',
      r: 16,
      lora_alpha: 32,
      fan_in_fan_out: true,
    })
    expect((await readdir(join(folder, 'out'))).every((name) => /^checkpoint-\d+$/.test(name))).toBe(true)
  })

  it('beyond the limit go, but the best stays', async () => {
    const events = await run(
      specOf({
        ...everything,
        save_steps: 2,
        eval_steps: 2,
        save_total_limit: 2,
        load_best_model_at_end: true,
        learning_rate: 0.05,
      }),
    )
    const evaluations = only(events, 'eval')
    const lowest = evaluations.reduce((best, event) => (event.loss < best.loss ? event : best))
    const { best } = only(events, 'done')[0]!
    expect(best).toMatchObject({ step: lowest.step, evalLoss: lowest.loss })
    const names = await readdir(join(folder, 'out'))
    expect(names).toContain(`checkpoint-${best.step}`)
    expect(names).toContain('checkpoint-14')
    expect(names.length).toBeLessThanOrEqual(2)
  })
})

describe('control', () => {
  it('stops after the step it is in, with a checkpoint', async () => {
    const events = await run(specOf(everything), (event, own) => {
      if (event.type === 'log' && event.step === 3) own.stop()
    })
    expect(only(events, 'checkpoint').map(({ step }) => step)).toEqual([3])
    expect(only(events, 'done')[0]).toMatchObject({ step: 3, stopped: true })
  })

  it('pauses with a checkpoint, and goes on', async () => {
    const events = await run(specOf(everything), (event, own) => {
      if (event.type === 'log' && event.step === 2) own.pause()
      if (event.type === 'checkpoint' && event.step === 2) setTimeout(() => own.continue(), 20)
    })
    expect(events.map(({ type }) => type).slice(0, 7)).toEqual([
      'start',
      'log',
      'log',
      'paused',
      'checkpoint',
      'continued',
      'log',
    ])
    expect(only(events, 'done')[0]).toMatchObject({ step: 14, stopped: false })
  })
})

describe('what a run does with odd input', () => {
  it('stops when the loss is not finite any more, and says at which step', async () => {
    const wild = specOf({ ...everything, method: 'full', learning_rate: 1e30, warmup_steps: 0, max_grad_norm: 0 })
    await expect(run(wild)).rejects.toThrow(
      /not a finite number any more at step 2: try a lower learning rate than 1e\+30, set max_grad_norm to 1/,
    )
  })

  it('stops early when the evaluation does not get better', async () => {
    const events = await run(
      specOf({ ...everything, eval_steps: 1, early_stopping_patience: 2, learning_rate: 0.5, max_steps: 40 }),
    )
    expect(only(events, 'done')[0]!.step).toBeLessThan(40)
  })

  it('counts sequences in place of rows when they are packed', async () => {
    const args = { num_train_epochs: 1, per_device_train_batch_size: 1, eval_strategy: 'no' } as const
    const apart = only(await run(specOf({ ...args, validation_split: 0 })), 'start')[0]!
    const packed = await run(specOf({ ...args, validation_split: 0, packing: true, max_length: 64 }))
    expect(apart.steps).toBe(apart.trainRows)
    const { steps, trainRows } = only(packed, 'start')[0]!
    expect(trainRows).toBe(apart.trainRows)
    expect(steps).toBeLessThan(0.8 * trainRows)
    expect(only(packed, 'done')[0]).toMatchObject({ step: steps })
  })

  it('refuses settings that a schedule does not take, before anything is written', async () => {
    const spec = specOf({ lr_scheduler_type: 'cosine', lr_scheduler_kwargs: { power: 2 } })
    await expect(run(spec)).rejects.toThrow(/lr_scheduler_kwargs of cosine: power is not a setting of it/)
    await expect(readdir(spec.outputDir)).rejects.toThrow()
  })

  it('takes a batch larger than the data', async () => {
    const events = await run(specOf({ per_device_train_batch_size: 64, num_train_epochs: 2 }))
    expect(only(events, 'start')[0]).toMatchObject({ steps: 2 })
    expect(only(events, 'done')[0]).toMatchObject({ step: 2 })
  })

  it('refuses a target that names no layer', async () => {
    await expect(run(specOf({ target_modules: ['q_proj'] }))).rejects.toThrow(
      /"q_proj" names no linear layer of this model.*c_attn/,
    )
  })

  it('refuses a data set of which nothing can be learnt', async () => {
    await expect(run(specOf({ max_length: 2 }))).rejects.toThrow(/No row has a token to learn/)
  })

  it('logs whole intervals and evaluates at the end, as the Trainer does, with samples at each evaluation', async () => {
    const events = await run(specOf({ ...everything, logging_steps: 4 }, { samplePrompts: ['The king'] }))
    expect(only(events, 'log').map(({ step }) => step)).toEqual([4, 8, 12])
    expect(only(events, 'eval').map(({ step }) => step)).toEqual([4, 8, 12, 14])
    expect(only(events, 'sample').map(({ step }) => step)).toEqual([4, 8, 12, 14])
  })
})
