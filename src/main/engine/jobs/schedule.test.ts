import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openSchedule, type Schedule } from './schedule'

type Case = { name: string; settings: Schedule['lr_scheduler_kwargs']; warmup_steps: number; rates: number[] }
/** Written by `tests/reference/schedule_reference.py`. */
const golden: { steps: number; learning_rate: number; cases: Case[] } = JSON.parse(
  readFileSync('tests/fixtures/schedules.json', 'utf8'),
)

const schedule = (kind: string, changes: Partial<Schedule> = {}): Schedule => ({
  lr_scheduler_type: kind as Schedule['lr_scheduler_type'],
  lr_scheduler_kwargs: {},
  warmup_steps: 0,
  warmup_ratio: 0,
  learning_rate: golden.learning_rate,
  ...changes,
})

describe('learning rates beside transformers.get_scheduler', () => {
  it.each(golden.cases)('$name $settings with $warmup_steps steps of warm-up', ({ name, settings, ...expected }) => {
    const { warmup_steps, rates } = expected
    const rate = openSchedule(schedule(name, { lr_scheduler_kwargs: settings, warmup_steps }), golden.steps)
    expect(rates.length).toBe(golden.steps)
    rates.forEach((value, i) => {
      expect(rate(i + 1), `step ${i + 1}`).toBeCloseTo(value, 12)
    })
  })

  it('takes a ratio for warm-up, rounded up, when no steps are given', () => {
    const rate = openSchedule(schedule('linear', { warmup_ratio: 0.11, learning_rate: 1 }), 20) // 2.2 of 20 steps
    expect([1, 2, 3, 4].map(rate)).toEqual([0, 1 / 3, 2 / 3, 1])
  })
})

describe('settings that a schedule does not take', () => {
  it.each<[string, Schedule['lr_scheduler_kwargs'], RegExp]>([
    ['linear', { num_cycles: 2 }, /of linear: num_cycles is not a setting of it. It takes no settings\.$/],
    ['cosine', { cycles: 2 }, /of cosine: cycles is not a setting of it. It takes num_cycles\.$/],
    ['cosine', { num_cycles: 'two' }, /of cosine: num_cycles: .*expected number/],
    ['cosine_with_min_lr', {}, /of cosine_with_min_lr: give either min_lr or min_lr_rate/],
    ['cosine_with_min_lr', { min_lr: 0, min_lr_rate: 0 }, /give either min_lr or min_lr_rate/],
    ['polynomial', { lr_end: 1 }, /of polynomial: lr_end \(1\) must be below learning_rate \(0.01\)/],
    ['warmup_stable_decay', {}, /of warmup_stable_decay: num_decay_steps is missing. It takes num_decay_steps/],
    ['warmup_stable_decay', { num_decay_steps: 3, decay_type: 'fast' }, /decay_type: .*"linear"\|"cosine"\|"1-sqrt"/],
  ])('%s %o', (kind, lr_scheduler_kwargs, message) => {
    expect(() => openSchedule(schedule(kind, { lr_scheduler_kwargs }), 20)).toThrow(message)
  })
})
