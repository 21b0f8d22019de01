import { expect, it } from 'vitest'
import type { ModelEntry } from '../../shared/contract'
import { argumentsOn, filesOf } from './model-files'

const entry = (base: string | null) => ({ name: 'Tuned', folder: '/adapters/tuned', base }) as ModelEntry

it('opens an adapter over its base, and a model alone', () => {
  expect(filesOf(entry('/models/base'))).toEqual({ folder: '/models/base', adapter: '/adapters/tuned' })
  expect(filesOf(entry(null))).toEqual({ folder: '/adapters/tuned', adapter: null })
})

it('trains on an adapter by going on with it', () => {
  const given = { learning_rate: 1e-3 }
  expect(argumentsOn(entry('/models/base'), given)).toEqual({ ...given, init_adapter: '/adapters/tuned' })
  expect(argumentsOn(entry(null), given)).toBe(given)
})

it('refuses what an adapter cannot be', () => {
  expect(() => argumentsOn(entry('/models/base'), { method: 'full' })).toThrow(
    /"Tuned" is an adapter.* export it merged/,
  )
  expect(() => argumentsOn(entry('/models/base'), { init_adapter: '/other' })).toThrow(/leave one of them out/)
})
