import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFloat32, readHeader } from '../../weights/safetensors'
import { allocate, type Parameters, tensorsOf } from '../parameters'
import { type Optimizer, type OptimizerSettings, openOptimizer } from '.'
import { restoreOptimizerState, writeOptimizerState } from './state-file'

/** Written by `tests/reference/optimizers.py`, which has the same formulas. */
const golden = new Map(
  (await readHeader('tests/fixtures/optimizers.safetensors')).tensors.map((tensor) => [tensor.name, tensor]),
)
const shapes = [
  { name: 'large', shape: [66, 70] },
  { name: 'small', shape: [33, 20] },
  { name: 'vector', shape: [40] },
]
const settingsOf = (optim: OptimizerSettings['optim']): OptimizerSettings => ({
  optim,
  adam_beta1: 0.9,
  adam_beta2: 0.999,
  adam_epsilon: 1e-8,
  weight_decay: 0.1,
  max_grad_norm: 1,
})

/** Sets each tensor's value i. */
function fill(parameters: Parameters, array: Float32Array, formula: (i: number) => number) {
  for (const { data } of Object.values(tensorsOf(parameters, array)))
    for (let i = 0; i < data.length; i++) data[i] = formula(i)
}

function freshParameters(): Parameters {
  const parameters = allocate(shapes)
  fill(parameters, parameters.weights, (i) => Math.cos(0.7 * i))
  return parameters
}

async function steps(parameters: Parameters, optimizer: Optimizer, from: number, to: number) {
  for (let step = from; step <= to; step++) {
    const gradient = (i: number) => 10 ** -(i % 4) * (0.5 * Math.sin(1.3 * i) + Math.sin(0.9 * i + 2.1 * step))
    fill(parameters, parameters.gradients, gradient)
    await optimizer.update(step, 0.01 / step, optimizer.gradientNorm())
  }
}

/** Each with the largest difference of a weight; weights are up to 1 and move by hundredths. */
const rules = [
  ['adamw_torch', 1e-6],
  ['adamw_8bit', 1e-5],
  ['lion_32bit', 1e-6],
  ['adafactor', 1e-6],
] as const

describe('ten steps beside torch, transformers and bitsandbytes', () => {
  it.each(rules)('%s: weights to %s', async (optim, tolerance) => {
    const parameters = freshParameters()
    const optimizer = await openOptimizer(parameters, settingsOf(optim))
    await steps(parameters, optimizer, 1, 10)
    for (const [name, { data }] of Object.entries(tensorsOf(parameters, parameters.weights))) {
      const expected = await readFloat32(golden.get(`${optim}/${name}`)!)
      const largest = (difference: (value: number, i: number) => number) => Math.max(...expected.map(difference))
      expect(largest((value, i) => Math.abs(value - Math.cos(0.7 * i)))).toBeGreaterThan(0.01)
      expect(
        largest((value, i) => Math.abs(value - Number(data[i]))),
        name,
      ).toBeLessThan(tolerance)
    }
    await optimizer.close()
  })
})

describe('the state of an optimizer', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'camelot-optimizer-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.each(rules)('%s: saved and restored, the next steps have the same bits', async (optim) => {
    const file = join(folder, `${optim}.safetensors`)
    const whole = freshParameters()
    const first = await openOptimizer(whole, settingsOf(optim))
    await steps(whole, first, 1, 3)
    await writeOptimizerState(file, first.state)
    const resumed = freshParameters()
    resumed.weights.set(whole.weights)
    const second = await openOptimizer(resumed, settingsOf(optim))
    await restoreOptimizerState(file, second.state)
    await steps(whole, first, 4, 6)
    await steps(resumed, second, 4, 6)
    expect(resumed.weights).toEqual(whole.weights)
    await Promise.all([first.close(), second.close()])
  })

  it('is no larger than the rule needs', async () => {
    const bytes = async (optim: OptimizerSettings['optim']) => {
      const optimizer = await openOptimizer(freshParameters(), settingsOf(optim))
      await optimizer.close()
      return optimizer.state.reduce((sum, { data }) => sum + data.byteLength, 0)
    }
    const [large, small, vector] = [66 * 70, 33 * 20, 40]
    expect(await bytes('adamw_torch')).toBe(8 * (large + small + vector))
    expect(await bytes('adamw_8bit')).toBe(2 * (large + 4 * Math.ceil(large / 256)) + 8 * (small + vector))
    expect(await bytes('lion_32bit')).toBe(4 * (large + small + vector))
    expect(await bytes('adafactor')).toBe(4 * (66 + 70 + 33 + 20 + 40))
  })

  it('of another optimizer is refused', async () => {
    const file = join(folder, 'lion.safetensors')
    const lion = await openOptimizer(freshParameters(), settingsOf('lion_32bit'))
    await writeOptimizerState(file, lion.state)
    const adamw = await openOptimizer(freshParameters(), settingsOf('adamw_torch'))
    await expect(restoreOptimizerState(file, adamw.state)).rejects.toThrow(
      /lion.safetensors: tensor exp_avg_sq\/large is missing: a run goes on with the optimizer/,
    )
    await adamw.close()
  })
})
