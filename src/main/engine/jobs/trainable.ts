/**
 * What a run trains, by its method: every weight, or the adapters of frozen linear layers. The method decides what is
 * an input of the graph (trained) and what is mapped from the file (frozen).
 */
import { seededRandom } from '../data/random'
import type { Model } from '../models'
import { isTarget, type LoraShape, loraNames, withLora } from '../nn/lora'
import { type Tokens, tokenInputs } from '../nn/tokens'
import { type LinearLayer, type Weights, weightsOf } from '../nn/weights'
import { EngineError } from '../protocol'
import { linearLayers } from './linear-layers'
import { frozenParts, type OpenModel, trainedTensors } from './open-model'
import { type ParameterShape, type Parameters, tensorsOf } from './parameters'

/** How a run sees a model's weights. A new view for each graph, since a graph's inputs are its own. */
export type WeightView = (tokens: Tokens | null) => Weights

export type Trainable = { view: WeightView; shapes: readonly ParameterShape[]; layers: readonly LinearLayer[] }

/** Full fine-tuning: every weight is trained. */
export function fullyTrainable(open: OpenModel): Trainable {
  const shapes: ParameterShape[] = []
  const view = (found: (name: string, shape: readonly number[]) => void) =>
    weightsOf({ tensors: trainedTensors(open, found) })
  build(open, () => view((name, shape) => shapes.push({ name, shape })))
  return { view: () => view(() => undefined), shapes, layers: [] }
}

/** LoRA: the model's weights are frozen, and the adapters of its linear layers are trained. */
export function adapted(open: OpenModel, lora: LoraShape): Trainable {
  const layers: LinearLayer[] = []
  const view = (tokens: Tokens | null, found: (layer: LinearLayer) => void) =>
    weightsOf({ ...frozenParts(open), wrap: withLora(lora, found, tokens?.randomness ?? undefined) })
  build(open, () => view(null, (layer) => layers.push(layer)))
  refuseUnknownTargets(open, lora.targets)
  const shapes = layers.flatMap(({ path, inputs, outputs }) => {
    const names = loraNames(path)
    return [
      { name: names.a, shape: [lora.r, inputs] },
      { name: names.b, shape: [outputs, lora.r] },
    ]
  })
  return { view: (tokens) => view(tokens, () => undefined), shapes, layers }
}

/** Each name must mean a layer: a misspelt one would go unnoticed otherwise. */
function refuseUnknownTargets(open: OpenModel, targets: LoraShape['targets']) {
  if (targets === 'all-linear') return
  const paths = [...linearLayers(open.model).keys()]
  const unknown = targets.find((name) => !paths.some((path) => isTarget(path, [name])))
  if (unknown === undefined) return
  const known = [...new Set(paths.map((path) => path.split('.').at(-1)))]
  throw new EngineError(
    'bad_arguments',
    `target_modules: "${unknown}" names no linear layer of this ${open.model.modelType} model. Use all-linear, or names such as ${known.join(', ')}.`,
  )
}

/** Builds the forward pass once, to learn which weights the architecture asks for. */
function build(open: OpenModel, weights: () => Weights) {
  const view = weights()
  open.model.forward(view, tokenInputs())
  open.model.head(view)
}

/** Names that mean exactly these layers: their last parts where no other layer ends so, else their whole paths. */
export function targetNames(layers: readonly LinearLayer[], model: Model): string[] {
  const lasts = [...new Set(layers.map(({ path }) => path.split('.').at(-1)!))]
  const meant = [...linearLayers(model).keys()].filter((path) => isTarget(path, lasts))
  return meant.length === layers.length ? lasts : layers.map(({ path }) => path)
}

/** Fresh adapters as peft makes them: A Kaiming-uniform (±1/√inputs), B zero. */
export function initializeAdapters(parameters: Parameters, layers: readonly LinearLayer[], seed: number) {
  const byName = tensorsOf(parameters, parameters.weights)
  layers.forEach(({ path, inputs }, number) => {
    const random = seededRandom(seed, 3, number)
    const { data } = byName[loraNames(path).a]!
    for (let i = 0; i < data.length; i++) data[i] = (2 * random.fraction() - 1) / Math.sqrt(inputs)
  })
}
