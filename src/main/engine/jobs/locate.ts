/** Finds the tensors that an architecture asks for in a checkpoint. */
import type { Model } from '../models'
import { EngineError } from '../protocol'
import type { Checkpoint } from '../weights/checkpoint'
import { isFloat } from '../weights/dtypes'
import type { TensorEntry } from '../weights/safetensors'

export type Located = { checkpoint: Pick<Checkpoint, 'folder' | 'tensors'>; model: Model }

/**
 * The tensor under the model's own name or one that published checkpoints use.
 * @throws EngineError `bad_model` where it is missing, or not of floats of this shape
 */
export function locate({ checkpoint, model }: Located, name: string, shape: readonly number[]): TensorEntry {
  const { folder, tensors } = checkpoint
  const found = [name, ...model.aliases(name)].map((known) => tensors.get(known)).find(Boolean)
  if (!found)
    throw new EngineError(
      'bad_model',
      `${folder}: the weights have no tensor ${name}, which a ${model.modelType} model of this config.json needs.`,
    )
  if (!isFloat(found.dtype))
    throw new EngineError(
      'bad_model',
      `${found.file}: tensor ${found.name} is ${found.dtype}, expected F32, F16 or BF16. Take the model that was not quantized.`,
    )
  if (found.shape.join() !== shape.join())
    throw new EngineError(
      'bad_model',
      `${folder}: tensor ${found.name} has shape [${found.shape.join(', ')}], but config.json asks for [${shape.join(', ')}].`,
    )
  return found
}
