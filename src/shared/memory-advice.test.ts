import { describe, expect, it } from 'vitest'
import { memoryShortage } from './memory-advice'
import { type CostArguments, type MemoryQuestion, memoryOf } from './training-cost'
import { gpt2, lora } from './training-cost.examples'

const question = (args: Partial<CostArguments> = {}, longest = 512): MemoryQuestion => ({
  model: gpt2,
  arguments: { ...lora, ...args },
  trainableParameters: args.method === 'full' ? gpt2.parameters : 16 * (gpt2.linearInputs + gpt2.linearOutputs),
  rows: { longest, tokensOf: (size) => size * longest },
})
const full = { method: 'full', base_quantization: 'none' } as const

describe('a shortage', () => {
  it('is none where the run fits, or nearly', () => {
    const needed = memoryOf(question())
    expect(memoryShortage(question(), needed)).toBeNull()
    expect(memoryShortage(question(), needed / 1.29)).toBeNull()
    expect(memoryShortage(question(), needed / 1.31)).not.toBeNull()
  })

  it('names what is needed, what is free, and each setting that would fit alone', () => {
    const sentence = memoryShortage(question({ ...full, per_device_train_batch_size: 8 }), 4.1e9)!
    expect(sentence).toMatch(/^This run needs about [\d.]+ GB of memory, and 4\.1 GB are free\. It would fit with /)
    expect(sentence).toMatch(/with LoRA \(about [\d.]+ GB\)/)
    expect(sentence).toMatch(/, or with QLoRA \(about [\d.]+ (GB|MB)\)\.$/)
    for (const [, figure, unit] of sentence.slice(sentence.indexOf('fit')).matchAll(/about ([\d.]+) (GB|MB)/g))
      expect(Number(figure) * (unit === 'GB' ? 1e9 : 1e6)).toBeLessThanOrEqual(4.15e9)
  })

  it('takes the largest batch that fits', () => {
    const six = question({ per_device_train_batch_size: 16 })
    const free = memoryOf(question({ per_device_train_batch_size: 4 })) * 1.02
    expect(memoryShortage(six, free)).toContain('with batch size 4 (about')
  })

  it('puts changes together where none is enough', () => {
    const together = { method: 'qlora', base_quantization: 'nf4', gradient_checkpointing: true } as const
    const free = memoryOf(question({ ...together, per_device_train_batch_size: 1 })) * 1.02
    const sentence = memoryShortage(question({ per_device_train_batch_size: 16 }), free)!
    expect(sentence).toMatch(
      /It would fit with batch size 1, gradient checkpointing, and QLoRA \(about [\d.]+ [GM]B\)\.$/,
    )
  })

  it('says so where nothing is enough', () => {
    expect(memoryShortage(question(), 1e7)).toMatch(
      /Even with batch size 1, gradient checkpointing, and QLoRA \(about .+\) it would not fit: take a shorter max length/,
    )
    const least = { method: 'qlora', base_quantization: 'nf4', gradient_checkpointing: true } as const
    expect(memoryShortage(question({ ...least, per_device_train_batch_size: 1 }), 1e7)).toMatch(/free\. Take a shorter/)
  })
})
