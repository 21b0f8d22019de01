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
