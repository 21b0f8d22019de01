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
export function locate({ weights, model, folder }: Located, name: string, shape: readonly number[]) {
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
  open: Located,
  { trains, untied }: Selection,
  found: (tensor: ModelTensor) => void,
): TensorSource {
  const values = new Map<string, Value>()
  return (own, shape, tiedTo) => {
    const name = tiedTo && !untied ? tiedTo : own
    const known = values.get(name)
    if (known) return known
    const place = locate(open, tiedTo ?? own, shape)
    found({ name, shape, stored: place.name })
    const value = trains(name) ? input(name, 'float32', shape) : fromFile(name, shape, place)
    values.set(name, value)
    return value
  }
}

/** The parts of a model that stays as it is. */
export const frozenParts = (open: OpenModel): ViewParts => partsOf(open)

/** Values of all the tensors that the architecture asks for, each counted once. */
function parametersOf(open: Omit<OpenModel, 'totalParameters'>): number {
  let total = 0
  const count = ({ shape }: ModelTensor) => {
    total += shape.reduce((size, side) => size * side, 1)
  }
  const weights = weightsOf({ tensors: tensorSource(open, nothing, count) })
  open.model.forward(weights, tokenInputs())
  open.model.head(weights)
  return total
}
