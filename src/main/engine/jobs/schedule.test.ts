import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { learningRate, type Schedule } from './schedule'

const { schedules } = JSON.parse(readFileSync('tests/fixtures/gpt2-tiny/golden.json', 'utf8'))

const schedule = (kind: string, warmup: number): Schedule => ({
  lr_scheduler_type: kind as Schedule['lr_scheduler_type'],
  warmup_steps: warmup,
  warmup_ratio: 0,
  learning_rate: 1,
})

describe('learning rates beside transformers.get_scheduler', () => {
  for (const [group, warmup] of [
    ['with_warmup', 4],
    ['without_warmup', 0],
  ] as const)
    it.each(Object.entries<number[]>(schedules[group]))(`%s ${group}`, (kind, expected) => {
      expect(expected.length).toBe(20)
      expected.forEach((factor, i) => {
        expect(learningRate(schedule(kind, warmup), i + 1, expected.length)).toBeCloseTo(factor, 9)
      })
    })

  it('takes a ratio for warm-up, rounded up, when no steps are given', () => {
    const half = { ...schedule('linear', 0), warmup_ratio: 0.11 } // 2.2 of 20 steps
    expect([1, 2, 3, 4].map((step) => learningRate(half, step, 20))).toEqual([0, 1 / 3, 2 / 3, 1])
  })
})
