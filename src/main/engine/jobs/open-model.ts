/** Opens a model folder for a job: architecture, tokenizer, and weights prepared for mapping. */
import { join } from 'node:path'
import { ModelRecommendations } from '../../../shared/contract'
import { openTokenizer, type Tokenizer } from '../data/tokenizer'
import { readJsonIfThere } from '../files/json'
import { fromFile, input, type Value } from '../graph/value'
import { type Model, modelOf } from '../models'
import { tokenInputs } from '../nn/tokens'
import { type LinearSource, plainLinear, type TensorSource, type ViewParts, weightsOf } from '../nn/weights'
import { EngineError } from '../protocol'
import { type Checkpoint, openCheckpoint } from '../weights/checkpoint'
import { type PreparedWeights, prepareFloat32 } from '../weights/mapped'
import { readFloat32 } from '../weights/safetensors'

import type { Parameters } from './parameters'

export type OpenModel = {
  folder: string
  model: Model
  tokenizer: Tokenizer
  checkpoint: Checkpoint
  weights: PreparedWeights
  /** How the linear layers of the frozen model are held: as they are, or quantized. */
  linears: LinearSource
  recommendations: ModelRecommendations
  totalParameters: number
}

/** @throws EngineError `bad_model` with what is wrong with the folder. */
export async function openModel(folder: string, cacheDir: string): Promise<OpenModel> {
  const checkpoint = await openCheckpoint(folder)
  const model = modelOf(checkpoint.config, join(folder, 'config.json'))
  const tokenizer = await openTokenizer(folder)
  if (tokenizer.vocabularySize > model.shape.vocabularySize)
    throw new EngineError(
      'bad_model',
      `${folder}: the tokenizer has ${tokenizer.vocabularySize} tokens, but config.json gives the model a vocabulary of ${model.shape.vocabularySize}. They must belong to the same model.`,
    )
  const weights = await prepareFloat32(checkpoint, cacheDir)
  const recommendations = await readRecommendations(folder)
  const open = { folder, model, tokenizer, checkpoint, weights, linears: plainLinear, recommendations }
  return { ...open, totalParameters: parametersOf(open) }
}

export async function readRecommendations(folder: string): Promise<ModelRecommendations> {
  const file = join(folder, 'camelot.json')
  const content = (await readJsonIfThere(file, 'bad_model')) ?? {}
  const parsed = ModelRecommendations.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new EngineError('bad_model', `${file}: ${issue.path.join('.')} is wrong (${issue.message}).`)
}

type Located = Pick<OpenModel, 'weights' | 'model' | 'folder'>

/** Finds a tensor under the model's own name or one that published checkpoints use, and checks its shape. */
export function locate(
  { weights, model, folder }: Pick<OpenModel, 'weights' | 'model' | 'folder'>,
  name: string,
  shape: readonly number[],
) {
  const found = [name, ...model.aliases(name)].map((known) => weights.tensors.get(known)).find(Boolean)
  if (!found)
    throw new EngineError(
      'bad_model',
      `${folder}: the weights have no tensor ${name}, which a ${model.modelType} model of this config.json needs.`,
    )
  if (found.shape.join() !== shape.join())
    throw new EngineError(
      'bad_model',
      `${folder}: tensor ${found.name} has shape [${found.shape.join(', ')}], but config.json asks for [${shape.join(', ')}].`,
    )
  return found
}

/** Weights that stay as they are: mapped from the file, one graph value for each tensor however often it is used. */
export function frozenTensors(open: Located): TensorSource {
  const values = new Map<string, Value>()
  return (name, shape) => {
    const known = values.get(name)
    if (known) return known
    const value = fromFile(name, shape, locate(open, name, shape))
    values.set(name, value)
    return value
  }
}

/** A view's parts for a model that stays as it is. */
export const frozenParts = (open: OpenModel): ViewParts => ({ tensors: frozenTensors(open), linears: open.linears })

/** Weights that are trained: inputs of the graph, fed on each run. Each is reported to `found` once. */
export function trainedTensors(open: Located, found: (name: string, shape: readonly number[]) => void): TensorSource {
  const values = new Map<string, Value>()
  return (name, shape) => {
    const known = values.get(name)
    if (known) return known
    locate(open, name, shape)
    found(name, shape)
    const value = input(name, 'float32', shape)
    values.set(name, value)
    return value
  }
}

/** Reads the weights that are trained. */
export async function readWeights(open: OpenModel, parameters: Parameters): Promise<void> {
  for (const { name, shape, offset } of parameters.stretches) {
    const { name: stored } = locate(open, name, shape)
    parameters.weights.set(await readFloat32(open.checkpoint.tensors.get(stored)!), offset)
  }
}

/** Values of all the tensors that the architecture asks for, each counted once. */
function parametersOf(open: Omit<OpenModel, 'totalParameters'>): number {
  let total = 0
  const count = (_: string, shape: readonly number[]) => {
    total += shape.reduce((size, side) => size * side, 1)
  }
  const weights = weightsOf({ tensors: trainedTensors(open, count) })
  open.model.forward(weights, tokenInputs())
  open.model.head(weights)
  return total
}
