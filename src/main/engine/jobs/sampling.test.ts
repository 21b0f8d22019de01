import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultGenerationSettings } from '../../../shared/contract'
import { probabilities, type SamplingSettings, sampler } from './sampling'

type Golden = {
  logits: number[]
  previous_ids: number[]
  cases: { settings: Partial<SamplingSettings>; probabilities: number[] }[]
}
const file = join(import.meta.dirname, '../../../../tests/fixtures/gpt2-tiny/golden.json')
const golden: Golden = JSON.parse(readFileSync(file, 'utf8')).sampling
const plain: SamplingSettings = { ...defaultGenerationSettings, temperature: 1 }
const logits = Float32Array.from(golden.logits)

describe('probabilities against transformers', () => {
  it.each(golden.cases)('$settings', ({ settings, probabilities: expected }) => {
    const found = probabilities(logits, golden.previous_ids, { ...plain, ...settings })
    for (const [id, probability] of expected.entries()) {
      expect(found[id]! > 0).toBe(probability > 0)
      expect(Math.abs(found[id]! - probability)).toBeLessThan(1e-6)
    }
  })
})

describe('sampler', () => {
  const best = golden.logits.indexOf(Math.max(...golden.logits))

  it('takes the best token when it does not sample, and at temperature 0', () => {
    expect(sampler({ ...plain, do_sample: false }, 1)(logits, [])).toBe(best)
    expect(sampler({ ...plain, temperature: 0 }, 1)(logits, [])).toBe(best)
  })

  it('takes the first of equal tokens, and heeds the repetition penalty when greedy', () => {
    const greedy = { ...plain, do_sample: false }
    expect(sampler(greedy, 1)(Float32Array.of(0, 2, 2), [])).toBe(1)
    expect(sampler({ ...greedy, repetition_penalty: 1.5 }, 1)(Float32Array.of(0, 2, 1.9), [1])).toBe(2)
  })

  it('keeps tokens as good as the last of the k best, and cuts a nucleus of equals by number', () => {
    const equals = Float32Array.of(1, 1, 1, 1)
    expect([...probabilities(equals, [], { ...plain, top_k: 2 })]).toEqual([0.25, 0.25, 0.25, 0.25])
    expect([...probabilities(equals, [], { ...plain, top_p: 0.5 })]).toEqual([0.5, 0.5, 0, 0])
  })

  it('draws the same tokens from the same seed, others from another', () => {
    const draws = (seed: number) => {
      const next = sampler(plain, seed)
      return Array.from({ length: 40 }, () => next(logits, []))
    }
    expect(draws(7)).toEqual(draws(7))
    expect(draws(7)).not.toEqual(draws(8))
  })

  it('draws each token as often as its probability says', () => {
    const settings = { ...plain, temperature: 0.7, top_k: 10 }
    const next = sampler(settings, 3)
    const expected = probabilities(logits, [], settings)
    const counts = new Float64Array(logits.length)
    const draws = 4000
    for (let draw = 0; draw < draws; draw++) counts[next(logits, [])]! += 1
    // Four standard deviations of a share of `draws`.
    for (const [id, count] of counts.entries())
      expect(Math.abs(count / draws - expected[id]!)).toBeLessThanOrEqual(4 * Math.sqrt((expected[id]! + 1e-9) / draws))
  })

  it('gives no token that the logits rule out', () => {
    const only = Float32Array.from({ length: 8 }, (_, id) => (id === 5 ? 0 : Number.NEGATIVE_INFINITY))
    for (let seed = 0; seed < 20; seed++) expect(sampler(plain, seed)(only, [])).toBe(5)
  })
})
