import { describe, expect, it } from 'vitest'
import { type CostArguments, expectedSpeed, memoryOf } from './training-cost'
import { gpt2, lora } from './training-cost.examples'

const int8 = { base_quantization: 'int8' } as const
const qlora = { method: 'qlora', base_quantization: 'nf4', gradient_checkpointing: true } as const
const full = { method: 'full' } as const

const estimate = (given: Partial<CostArguments>, tokens: number, longest: number) =>
  memoryOf({
    model: gpt2,
    arguments: { ...lora, ...given },
    trainableParameters: given.method === 'full' ? gpt2.parameters : 16 * (gpt2.linearInputs + gpt2.linearOutputs),
    rows: { longest, tokensOf: () => tokens },
  })

describe('memory', () => {
  // Peak resident megabytes of trials of GPT-2 with 124 million parameters: Linux, x86, two cores.
  it.each([
    [{}, 2048, 512, 2333],
    [{}, 512, 512, 1274],
    [{ gradient_checkpointing: true }, 2048, 512, 1132],
    [int8, 2048, 512, 2044],
    [qlora, 2048, 512, 878],
    [full, 512, 512, 3705],
    [full, 1024, 256, 4181],
  ])(
    '%j, %i tokens with rows of at most %i: within a fifth of what was measured',
    (given, tokens, longest, megabytes) => {
      const off = estimate(given, tokens, longest) / (megabytes * 1e6)
      expect(off).toBeGreaterThan(0.8)
      expect(off).toBeLessThan(1.2)
    },
  )

  it('orders methods as they are', () => {
    const [four, eight, exact, whole] = [qlora, int8, {}, full].map((given) => estimate(given, 1024, 512))
    expect(four).toBeLessThan(eight!)
    expect(eight).toBeLessThan(exact!)
    expect(exact).toBeLessThan(whole!)
    expect(estimate({ ...qlora, bnb_4bit_use_double_quant: true }, 1024, 512)).toBeLessThan(four!)
  })
})

it('expects speed where the products are fast', () => {
  const rates = { float32: 100e9, int8: 200e9 }
  const speed = (given: Partial<CostArguments>) => expectedSpeed(gpt2, { ...lora, ...given }, 1, rates)
  expect(speed(int8)).toBeGreaterThan(speed({}))
  expect(speed(qlora)).toBeLessThan(speed({}))
  expect(speed(full)).toBeLessThan(speed({}))
})
