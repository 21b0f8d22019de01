import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveArguments, TrainEvent } from '../../src/shared/contract'
import { curveOf, lossCurve } from './loss-curve'
import { modelCard } from './model-card'
import { samplePrompts } from './recipe'

const given = { per_device_train_batch_size: 4, gradient_accumulation_steps: 2, learning_rate: 0.0012 }
const argumentsInForce = resolveArguments(given, {}, { contextLength: 512, hasValidationData: true, hasPrompts: false })
const bodies = [
  {
    type: 'start',
    run: 'r',
    outputDir: 'o',
    trainableParameters: 3_814_912,
    totalParameters: 3_814_912,
    steps: 30,
    resumedFrom: 0,
    trainRows: 9,
    validationRows: 2,
    device: 'cpu',
    arguments: argumentsInForce,
  },
  ...[10, 20, 20, 30].map((step, index) => ({
    type: 'log',
    step,
    epoch: 0.1,
    loss: 6 - index,
    gradNorm: 1,
    learningRate: 0.001,
    tokensPerSecond: 2500,
    peakMemoryBytes: 1e9,
    etaSeconds: 5,
  })),
  { type: 'eval', step: 30, loss: 2.3456, perplexity: 10.44 },
  {
    type: 'done',
    step: 30,
    trainLoss: 4,
    seconds: 1260,
    tokensPerSecond: 2500.4,
    best: { step: 30, path: 'p', evalLoss: 2.3456 },
    stopped: false,
  },
]
const events = bodies.map((body, index) =>
  TrainEvent.parse({ seq: index + 1, time: '2026-01-01T00:00:00.000Z', ...body }),
)
const template = readFileSync(join(import.meta.dirname, 'model-card.md'), 'utf8')

describe('the model card', () => {
  const card = modelCard(template, events, [{ prompt: 'Question: Who?\nAnswer:', text: ' Nobody.' }])

  it('states the figures of the run and leaves no slot open', () => {
    for (const figure of [
      '3,814,912 parameters',
      '240 generated documents',
      '| 30, 8 documents',
      '21 minutes',
      '2,500 tokens',
      '2.346 per token, perplexity 10.44',
      '| 0.0012,',
    ])
      expect(card).toContain(figure)
    expect(card).not.toMatch(/\{\{/)
  })

  it('quotes prompt and text apart', () => {
    expect(card).toContain(
      '**1.** Given\n\n```text\nQuestion: Who?\nAnswer:\n```\n\nit went on\n\n```text\nNobody.\n```',
    )
  })

  it('refuses an unfinished run, and a slot without a figure', () => {
    expect(() => modelCard(template, events.slice(0, -1), [])).toThrow('no "done" event')
    expect(() => modelCard('{{height}}', events, [])).toThrow('asks for {{height}}')
  })

  it('has twenty prompts to show', () => {
    expect(new Set(samplePrompts).size).toBe(20)
  })
})

describe('the loss curve', () => {
  it('counts a step that was done again once, with its last loss', () => {
    expect(curveOf(events)).toEqual({
      training: [
        { step: 10, loss: 6 },
        { step: 20, loss: 4 },
        { step: 30, loss: 3 },
      ],
      evaluation: [{ step: 30, loss: 2.3456 }],
    })
  })

  it('draws the first loss at the top left and the last at the right', () => {
    const svg = lossCurve(
      [
        { step: 0, loss: 8 },
        { step: 100, loss: 4 },
      ],
      [{ step: 100, loss: 2 }],
    )
    expect(svg).toContain('class="raw" d="M48.0 24.0L704.0 152.0"')
    expect(svg).toContain('<circle cx="704.0" cy="216.0"')
  })

  it('refuses an empty log', () => {
    expect(() => lossCurve([], [])).toThrow('no training loss')
  })
})
