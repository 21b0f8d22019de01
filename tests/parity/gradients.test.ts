/**
 * Gradients of whole models beside central differences along a random direction, in the engine alone: random small
 * configurations of every architecture, random weights, a ragged batch; all weights trained, and adapters.
 */
import { describe, expect, it } from 'vitest'
import { type Example, ignored } from '../../src/main/engine/data/examples'
import { type Random, seededRandom } from '../../src/main/engine/data/random'
import { toModel } from '../../src/main/engine/graph/compile'
import { input, topological, type Value } from '../../src/main/engine/graph/value'
import { batchOf } from '../../src/main/engine/jobs/batch'
import { type Model, modelOf, modelTypes } from '../../src/main/engine/models'
import { lossOf } from '../../src/main/engine/nn/head'
import { withAdapters } from '../../src/main/engine/nn/lora'
import { type Recompute, tokenInputs } from '../../src/main/engine/nn/tokens'
import { weightsOf } from '../../src/main/engine/nn/weights'
import { gather, gradients } from '../../src/main/engine/ops'
import { type HostTensor, openSession, type Tensors } from '../../src/main/engine/runtime/session'
import { generated, randomConfig } from './support/random-configs'

const configurations = 4
const methods = ['full', 'lora'] as const
type Method = (typeof methods)[number]

it('knows a random configuration for every architecture', () => {
  expect([...generated].sort()).toEqual([...modelTypes].sort())
})

describe.each(modelTypes)('%s', (modelType) => {
  for (let seed = 0; seed < configurations; seed++)
    it.each(methods)(`%s, configuration ${seed + 1}`, async (method) => {
      const random = seededRandom(seed, modelTypes.indexOf(modelType))
      const config = randomConfig(modelType, random)
      const model = modelOf(config, 'config.json')
      const recompute = (['none', 'attention', 'layers'] as const)[random.below(3)]!
      const { analytic, numeric, typical } = await derivatives(model, method, recompute, seed)
      const what = `${JSON.stringify(config)}, recompute ${recompute}: ${analytic} beside ${numeric}`
      expect(typical, what).toBeGreaterThan(1e-2)
      expect(Math.abs(analytic - numeric) / Math.max(typical, Math.abs(analytic)), what).toBeLessThan(5e-3)
    })
})

/**
 * The loss's derivative along a random direction of unit length, by its gradient and by differences. `typical` is how
 * large it is in the mean over all directions.
 */
async function derivatives(model: Model, method: Method, recompute: Recompute, seed: number) {
  const { loss, tensors, trained } = lossGraph(model, method, recompute)
  const of = gradients(loss, trained)
  const outputs = Object.fromEntries(trained.map((value) => [`gradient/${nameOf(value)}`, of.get(value)!]))
  const session = await openSession(toModel('property', { loss, ...outputs }))
  const random = seededRandom(seed, 2)
  const feeds = Object.fromEntries(tensors.map((value) => [nameOf(value), randomTensor(value, random)]))
  const { vocabularySize } = model.shape
  const batch = batchOf(raggedRows(vocabularySize, random), vocabularySize)!.feeds
  const direction = unitDirection(trained, random)
  const at = (step: number) => session.run({ ...feeds, ...batch, ...moved(feeds, direction, step) })
  const lossAt = async (step: number) => Number((await at(step)).loss!.data[0])
  const difference = async (step: number) => ((await lossAt(step)) - (await lossAt(-step))) / (2 * step)
  const here = await at(0)
  const [coarse, fine, finest] = [await difference(0.02), await difference(0.01), await difference(0.005)]
  await session.close()
  const slopes = Object.entries(direction).flatMap(([name, along]) =>
    Array.from(here[`gradient/${name}`]!.data as Float32Array, (slope, i) => [slope, along[i]!] as const),
  )
  return {
    analytic: slopes.reduce((sum, [slope, along]) => sum + slope * along, 0),
    // Richardson's extrapolation, twice: errors that grow with the second and fourth power of the step cancel.
    numeric: (64 * finest - 20 * fine + coarse) / 45,
    typical: Math.sqrt(slopes.reduce((sum, [slope]) => sum + slope * slope, 0) / slopes.length),
  }
}

/** The summed loss of a batch, the tensors that it reads, and those of them that are trained. */
function lossGraph(model: Model, method: Method, recompute: Recompute) {
  const known = new Map<string, Value>()
  const tensor = (name: string, shape: readonly number[]) => {
    const value = known.get(name) ?? input(name, 'float32', shape)
    known.set(name, value)
    return value
  }
  const weights = weightsOf({
    tensors: (name, shape, tiedTo) => tensor(tiedTo ?? name, shape),
    ...(method === 'lora' ? { wrap: withAdapters(() => ({ r: 2, scale: 1.5, dropout: 0, dora: false })) } : {}),
  })
  const hidden = model.forward(weights, tokenInputs({ recompute }))
  const supervised = gather(hidden, input('targets', 'int64', ['L', 'C']))
  const loss = lossOf(supervised, model.head(weights), input('labels', 'int64', ['L', 'C']))
  const tensors = [...new Set(topological([loss]).flatMap(({ inputs }) => inputs))].filter(
    // Tensors of a checkpoint have a dot in their names, the inputs for a batch have none.
    ({ source }) => source?.kind === 'input' && source.name.includes('.'),
  )
  const trained = method === 'full' ? tensors : tensors.filter((value) => nameOf(value).includes('.lora_'))
  return { loss, tensors, trained }
}

const nameOf = ({ source }: Value) => (source as { name: string }).name
const sizeOf = ({ shape }: Value) => shape.reduce<number>((size, side) => size * Number(side), 1)

/** Norm weights (and biases) are near one, so that nothing is normalized away. */
function randomTensor(value: Value, random: Random): HostTensor {
  const [middle, spread] = value.shape.length === 1 ? [1, 0.3] : [0, 0.4]
  const data = Float32Array.from({ length: sizeOf(value) }, () => middle + spread * random.normal())
  return { data, shape: value.shape.map(Number) }
}

/** Rows of 2 to 12 tokens, of which about two thirds are learned. */
function raggedRows(vocabulary: number, random: Random): Example[] {
  return [12, 2, 7, 5].map((length) => {
    const ids = Int32Array.from({ length }, () => random.below(vocabulary))
    const labels = ids.map((id, i) => (i === length - 1 || random.below(3) > 0 ? id : ignored))
    return { ids, labels, supervised: 0, wholeLength: length, truncated: false }
  })
}

function unitDirection(trained: readonly Value[], random: Random): Record<string, Float32Array> {
  const total = trained.reduce((sum, value) => sum + sizeOf(value), 0)
  const draw = () => random.normal() / Math.sqrt(total)
  return Object.fromEntries(trained.map((value) => [nameOf(value), Float32Array.from({ length: sizeOf(value) }, draw)]))
}

const moved = (feeds: Tensors, direction: Record<string, Float32Array>, step: number): Tensors =>
  Object.fromEntries(
    Object.entries(direction).map(([name, along]) => {
      const { data, shape } = feeds[name]!
      return [name, { data: Float32Array.from(along, (slope, i) => Number(data[i]) + step * slope), shape }]
    }),
  )
