/**
 * The classic first Trainer script, word for word: its arguments as they stand, from a data file to decoded text, with
 * GPT-2's shape made tiny. Nothing here stands in for anything.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TrainEvent } from '../../src/shared/contract'
import { type Bench, fixture, openBench, tinyModel } from './support/camelot'

const recipe = [
  '--output_dir=./results',
  '--num_train_epochs=1',
  '--per_device_train_batch_size=1',
  '--per_device_eval_batch_size=1',
  '--warmup_steps=100',
  '--weight_decay=0.01',
  '--logging_dir=./logs',
  '--logging_steps=10',
]
const rowCount = 40

let bench: Bench
let events: TrainEvent[]
const eventsOf = <T extends TrainEvent['type']>(type: T) =>
  events.filter((event): event is Extract<TrainEvent, { type: T }> => event.type === type)

beforeAll(async () => {
  bench = await openBench()
  const sources = ['gpt2-tiny/rows-text.jsonl', 'gpt2-tiny/rows.jsonl'].map((name) =>
    readFileSync(fixture(name), 'utf8'),
  )
  const texts = sources
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>)
  const lines = texts
    .slice(0, rowCount)
    .map(({ text, prompt, completion }) => JSON.stringify({ text: text ?? `${prompt}${completion}` }))
  await writeFile(bench.at('texts.jsonl'), `${lines.join('\n')}\n`)
  const { status, notes, json } = await bench.run([
    'train',
    '--model',
    tinyModel,
    '--dataset',
    'texts.jsonl',
    '--json',
    ...recipe,
  ])
  expect([status, notes]).toEqual([0, ''])
  events = json().map((event) => TrainEvent.parse(event))
})
afterAll(() => bench.close())

describe('the seed recipe', () => {
  it('puts every argument in force', () => {
    const [start] = eventsOf('start')
    expect(start!.arguments).toMatchObject({
      output_dir: bench.at('results'),
      num_train_epochs: 1,
      per_device_train_batch_size: 1,
      per_device_eval_batch_size: 1,
      warmup_steps: 100,
      weight_decay: 0.01,
      logging_dir: bench.at('logs'),
      logging_steps: 10,
    })
    expect(start).toMatchObject({ outputDir: bench.at('results'), steps: 36, trainRows: 36, validationRows: 4 })
  })

  it('logs every ten steps, still warming up', () => {
    const logs = eventsOf('log')
    expect(logs.map(({ step }) => step)).toEqual([10, 20, 30])
    // A hundred steps of warm-up: step s uses (s − 1) / 100 of the peak.
    for (const { step, learningRate } of logs) expect(learningRate).toBeCloseTo((2e-4 * (step - 1)) / 100, 12)
    for (const { loss, gradNorm, tokensPerSecond } of logs)
      for (const figure of [loss, gradNorm, tokensPerSecond]) expect(figure).toBeGreaterThan(0)
  })

  it('evaluates at the end of the epoch and leaves a checkpoint laid out as the Trainer does', () => {
    expect(eventsOf('eval').map(({ step }) => step)).toEqual([36])
    expect(readdirSync(bench.at('results'))).toEqual(['checkpoint-36'])
    expect(readdirSync(bench.at('results/checkpoint-36'))).toEqual(
      expect.arrayContaining([
        'adapter_config.json',
        'adapter_model.safetensors',
        'tokenizer.json',
        'trainer_state.json',
      ]),
    )
    const state = JSON.parse(readFileSync(bench.at('results/checkpoint-36/trainer_state.json'), 'utf8'))
    expect(state).toMatchObject({ global_step: 36, epoch: 1 })
    expect(state.log_history[0]).toMatchObject({ step: 10, loss: eventsOf('log')[0]!.loss })
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      step: 36,
      best: { step: 36, path: bench.at('results/checkpoint-36') },
    })
  })

  it('keeps a copy of the log where it was asked for', () => {
    expect(existsSync(bench.at('logs'))).toBe(true)
    const [file] = readdirSync(bench.at('logs'))
    const copied = readFileSync(bench.at('logs', file!), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(copied.filter(({ type }) => type === 'log')).toEqual(
      eventsOf('log').map(({ seq: _, time: __, ...log }) => log),
    )
  })

  it('decodes text from what was trained', async () => {
    const settings = [
      '--max_length=100',
      '--temperature=0.7',
      '--do_sample=True',
      '--skip_special_tokens=True',
      '--seed',
      '1',
    ]
    const generate = () =>
      bench.run(['generate', '--model', './results', '--prompt', 'The lamps', '--json', ...settings])
    const [first, second] = [await generate(), await generate()]
    expect([first.status, first.notes]).toEqual([0, ''])
    const [answer] = first.json() as { text: string; tokens: number; tokensPerSecond: number; stopReason: string }[]
    expect(Object.keys(answer!)).toEqual(['text', 'tokens', 'tokensPerSecond', 'stopReason'])
    expect(answer!.text.length).toBeGreaterThan(0)
    expect(answer!.tokens).toBeGreaterThan(0)
    expect(['eos', 'length']).toContain(answer!.stopReason)
    expect(answer!.text).not.toContain('<|endoftext|>')
    expect((second.json()[0] as { text: string }).text).toBe(answer!.text)
  })
})
