import { expect, it } from 'vitest'
import { resolveArguments } from './training-arguments'
import { methodOf, trainingMethods } from './training-methods'

const context = { contextLength: 1024, hasValidationData: false, hasPrompts: true }

it('the stand-in for the engine has the defaults of the table (`vitest -u` writes them)', async () => {
  const defaults = resolveArguments({}, {}, context)
  await expect(`${JSON.stringify(defaults, null, 2)}\n`).toMatchFileSnapshot(
    '../../../tests/fixtures/argument-defaults.json',
  )
})

it.each(trainingMethods)('$title is what its arguments say, with defaults of its own', ({ id, arguments: chosen }) => {
  const resolved = resolveArguments(chosen, {}, context)
  expect(methodOf(resolved)).toBe(id)
  expect(resolved.gradient_checkpointing).toBe(id === 'qlora')
  expect(resolved.learning_rate).toBe(id === 'full' ? 5e-5 : 2e-4)
})

it('takes a recommended learning rate only for the kind of method that it was recommended for', () => {
  const rate = (given: object, recommended: object) => resolveArguments(given, recommended, context).learning_rate
  expect(rate({}, { learning_rate: 2e-3 })).toBe(2e-3)
  expect(rate({ method: 'qlora' }, { method: 'lora', learning_rate: 2e-3 })).toBe(2e-3)
  expect(rate({ method: 'full' }, { learning_rate: 2e-3 })).toBe(5e-5)
  expect(rate({}, { method: 'full', learning_rate: 1e-4 })).toBe(1e-4)
  expect(rate({ method: 'lora' }, { method: 'full', learning_rate: 1e-4 })).toBe(2e-4)
})
