/** Opens a model folder for a job: architecture, tokenizer, and weights prepared for mapping. */
import { join } from 'node:path'
import { ModelRecommendations } from '../../../shared/contract'
import { openTokenizer, type Tokenizer } from '../data/tokenizer'
import { readJsonIfThere } from '../files/json'
import { fromFile, input, type Value } from '../graph/value'
import { type Model, modelOf } from '../models'
import { type Anatomy, anatomyOf, parametersOf } from '../models/anatomy'
import { plainLinear, type TensorSource, type ViewParts } from '../nn/weights'
import { EngineError } from '../protocol'
import { type Checkpoint, openCheckpoint } from '../weights/checkpoint'
import { type BaseQuantization, type BaseWeights, prepareBase } from './base-weights'
import { locate } from './locate'

/** A model folder as it was read: all but its weights. */
export type ReadModel = {
  folder: string
  model: Model
  tokenizer: Tokenizer
  checkpoint: Checkpoint
  recommendations: ModelRecommendations
  totalParameters: number
  anatomy: Anatomy
}
export type OpenModel = ReadModel & BaseWeights

/** @throws EngineError `bad_model` with what is wrong with the folder. */
export async function readModel(folder: string): Promise<ReadModel> {
  const checkpoint = await openCheckpoint(folder)
  const model = modelOf(checkpoint.config, join(folder, 'config.json'))
  const tokenizer = await openTokenizer(folder)
  if (tokenizer.vocabularySize > model.shape.vocabularySize)
    throw new EngineError(
      'bad_model',
      `${folder}: the tokenizer has ${tokenizer.vocabularySize} tokens, but config.json gives the model a vocabulary of ${model.shape.vocabularySize}. They must belong to the same model.`,
    )
  const anatomy = anatomyOf(model)
  for (const [name, shape] of anatomy.tensors) locate({ checkpoint, model }, name, shape)
  const recommendations = await readRecommendations(folder)
  return { folder, model, tokenizer, checkpoint, recommendations, anatomy, totalParameters: parametersOf(anatomy) }
}

/** Prepares the weights of a model that was read. @throws EngineError `bad_model`, `disk` */
export async function withWeights(
  read: ReadModel,
  cacheDir: string,
  quantization: BaseQuantization = plain,
): Promise<OpenModel> {
  const { checkpoint, model, anatomy } = read
  return { ...read, ...(await prepareBase(checkpoint, model, anatomy, cacheDir, quantization)) }
}
const plain: BaseQuantization = { type: 'none', double: false }

/** @throws EngineError `bad_model`, `disk` */
export const openModel = async (
  folder: string,
  cacheDir: string,
  quantization?: BaseQuantization,
): Promise<OpenModel> => withWeights(await readModel(folder), cacheDir, quantization)

export async function readRecommendations(folder: string): Promise<ModelRecommendations> {
  const file = join(folder, 'camelot.json')
  const content = (await readJsonIfThere(file, 'bad_model')) ?? {}
  const parsed = ModelRecommendations.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new EngineError('bad_model', `${file}: ${issue.path.join('.')} is wrong (${issue.message}).`)
}

/** A tensor that the architecture asks for, and the name under which the checkpoint holds its values. */
export type ModelTensor = { name: string; shape: readonly number[]; stored: string }

/** Which of a model's tensors are trained. */
export type Selection = {
  trains(name: string): boolean
  /** Whether a tied head and the embedding are two tensors, each with the same values at first. */
  untied: boolean
}
const nothing: Selection = { trains: () => false, untied: false }

/**
 * A view's parts: what the selection trains is an input of the graph, fed on each run; all else is mapped from the file
 * (or quantized). One graph value for each tensor however often it is used; each is reported to `found` once.
 */
export function partsOf(
  open: OpenModel,
  selection: Selection = nothing,
  found: (tensor: ModelTensor) => void = () => undefined,
): ViewParts {
  return {
    tensors: tensorSource(open, selection, found),
    linears: (layer, tensors) =>
      (selection.trains(`${layer.path}.weight`) ? plainLinear : open.linears)(layer, tensors),
  }
}

function tensorSource(
  open: OpenModel,
  { trains, untied }: Selection,
  found: (tensor: ModelTensor) => void,
): TensorSource {
  const values = new Map<string, Value>()
  return (own, shape, tiedTo) => {
    const name = tiedTo && !untied ? tiedTo : own
    const known = values.get(name)
    if (known) return known
    const { name: stored } = locate(open, tiedTo ?? own, shape)
    found({ name, shape, stored })
    const value = trains(name)
      ? input(name, 'float32', shape)
      : fromFile(name, shape, open.weights.tensors.get(stored)!)
    values.set(name, value)
    return value
  }
}

/** The parts of a model that stays as it is. */
export const frozenParts = (open: OpenModel): ViewParts => partsOf(open)
