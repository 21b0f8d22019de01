/** What an adapter makes of a checkpoint's tensors when it becomes part of the model. */

import type { Model } from '../models'
import { type Anatomy, anatomyOf } from '../models/anatomy'
import { fitAdapter } from '../models/fit-adapter'
import type { LinearLayer } from '../nn/weights'
import { EngineError } from '../protocol'
import type { Checkpoint } from '../weights/checkpoint'
import { isFloat } from '../weights/dtypes'
import { type Adapter, type AdapterModule, readAdapter } from '../weights/peft'
import { readFloat32, type TensorEntry } from '../weights/safetensors'
import { addLowRank, rescaleOutputs } from './merge'
import { selectionOf } from './trainable'

/** Where a tensor's values come from, and what is done to them in place. */
export type Change = { source: TensorEntry; merge: ((values: Float32Array) => Promise<void>) | null }
export type Merges = {
  /** By the tensor's name in the checkpoint; a head that is the embedding no more may be new to it. */
  changes: ReadonlyMap<string, Change>
  /** Whether the head, tied in the checkpoint, has values of its own. */
  untied: boolean
}

/** @throws EngineError `bad_model` where the adapter does not belong to the model */
export async function mergesOf(folder: string, model: Model, checkpoint: Checkpoint): Promise<Merges> {
  const adapter = await readAdapter(folder)
  const anatomy = anatomyOf(model)
  const modules = fitAdapter(adapter, anatomy)
  const changes = new Map<string, Change>()
  for (const module of modules) {
    const source = matrixOf(checkpoint, model, module.layer)
    changes.set(source.name, { source, merge: (values) => merge(values, module) })
  }
  const untied = selectionOf(adapter.config, new Set(), anatomy).untied
  if (untied)
    changes.set(anatomy.tied!.head, { source: storedTensor(checkpoint, model, anatomy.tied!.embedding), merge: null })
  for (const name of adapter.replaced) changes.set(...replacement(name, adapter, model, checkpoint, anatomy))
  return { changes, untied }
}

function replacement(name: string, { tensors }: Adapter, model: Model, checkpoint: Checkpoint, { tied }: Anatomy) {
  const stored = name === tied?.head ? name : storedTensor(checkpoint, model, name).name
  return [stored, { source: tensors.get(name)!, merge: null }] as const
}

async function merge(
  values: Float32Array,
  { layer, inputs, outputs, r, scale, a, b, magnitude }: AdapterModule & { layer: LinearLayer },
) {
  const low = { a: await readFloat32(a), b: await readFloat32(b), r, inputs, outputs, scale }
  addLowRank(values, low, layer.stored)
  if (magnitude) rescaleOutputs(values, await readFloat32(magnitude), layer)
}

/** The matrix of a layer, which must be there in floats. */
function matrixOf(checkpoint: Checkpoint, model: Model, { path, stored, inputs, outputs }: LinearLayer): TensorEntry {
  const entry = storedTensor(checkpoint, model, `${path}.weight`)
  const expected = stored === 'in-out' ? [inputs, outputs] : [outputs, inputs]
  if (entry.shape.join() === expected.join() && isFloat(entry.dtype)) return entry
  throw new EngineError(
    'bad_model',
    `${entry.file}: tensor ${entry.name} is ${entry.dtype} [${entry.shape.join(', ')}], the adapter needs floats [${expected.join(', ')}].`,
  )
}

function storedTensor({ tensors, folder }: Checkpoint, model: Model, name: string): TensorEntry {
  const entry = [name, ...model.aliases(name)].map((known) => tensors.get(known)).find((found) => found !== undefined)
  if (!entry)
    throw new EngineError('bad_model', `${folder}: the weights have no tensor ${name}, which the adapter changes.`)
  return entry
}
