import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { atMostEvery } from './pace'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('coalesces requests into one action a period, the last one included', () => {
  const action = vi.fn()
  const pace = atMostEvery(100, action)
  for (let ms = 0; ms < 1_000; ms += 10) {
    pace.request()
    vi.advanceTimersByTime(10)
  }
  expect(action.mock.calls.length).toBeGreaterThanOrEqual(9)
  expect(action.mock.calls.length).toBeLessThanOrEqual(10)
  action.mockClear()
  pace.request()
  pace.flush()
  expect(action).toHaveBeenCalledTimes(1)
  pace.flush()
  vi.advanceTimersByTime(1_000)
  expect(action).toHaveBeenCalledTimes(1)
})

test('a cancelled request does nothing', () => {
  const action = vi.fn()
  const pace = atMostEvery(100, action)
  pace.request()
  pace.cancel()
  vi.advanceTimersByTime(1_000)
  expect(action).not.toHaveBeenCalled()
})
