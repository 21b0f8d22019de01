/** The values that what is trained begins with. */
import { seededRandom } from '../data/random'
import { toModel } from '../graph/compile'
import { input, type Value } from '../graph/value'
import { adapterNames } from '../nn/lora'
import { tokenInputs } from '../nn/tokens'
import { weightsOf } from '../nn/weights'
import { rowNorms } from '../ops'
import { openSession } from '../runtime/session'
import { readFloat32 } from '../weights/safetensors'
import { frozenParts, type OpenModel } from './open-model'
import { type Parameters, tensorsOf } from './parameters'
import type { AdaptedLayer, Trainable } from './trainable'

/**
 * The model's own tensors as the checkpoint has them, and fresh adapters as peft makes them: A Kaiming-uniform
 * (±1/√inputs), B zero, DoRA's magnitudes the norms of the base's rows.
 */
export async function initialize(open: OpenModel, { own, adapter }: Trainable, parameters: Parameters, seed: number) {
  const byName = tensorsOf(parameters, parameters.weights)
  const valuesOf = (name: string) => byName[name]!.data as Float32Array
  for (const { name, stored } of own) valuesOf(name).set(await readFloat32(open.checkpoint.tensors.get(stored)!))
  const layers = adapter?.layers ?? []
  for (const [number, { path, inputs }] of layers.entries()) {
    const random = seededRandom(seed, 3, number)
    const a = valuesOf(adapterNames(path).a)
    for (let i = 0; i < a.length; i++) a[i] = (2 * random.fraction() - 1) / Math.sqrt(inputs)
  }
  if (!adapter?.config.dora) return
  for await (const [path, norms] of baseNorms(open, layers)) valuesOf(adapterNames(path).magnitude).set(norms)
}

/** Norms of the rows of each layer's base matrix, whatever it is held in; one layer at a time. */
async function* baseNorms(open: OpenModel, layers: readonly AdaptedLayer[]): AsyncGenerator<[string, Float32Array]> {
  const norms = new Map<string, Value>()
  const start = input('start', 'float32', ['N', 1]) // what a matrix waits for that has to be made first
  const wanted = new Set(layers.map(({ path }) => path))
  const weights = weightsOf({
    ...frozenParts(open),
    wrap: ({ apply, matrix }, { path }) => {
      if (wanted.has(path)) norms.set(path, rowNorms(matrix(start)))
      return apply
    },
  })
  open.model.forward(weights, tokenInputs())
  for (const [path, value] of norms) {
    const session = await openSession(toModel('row-norms', { norms: value }), { folder: open.weights.folder })
    yield [
      path,
      (await session.run({ start: { data: Float32Array.of(0), shape: [1, 1] } })).norms!.data as Float32Array,
    ]
    await session.close()
  }
}
