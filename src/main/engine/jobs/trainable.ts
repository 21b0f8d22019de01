/**
 * What a run trains, by its method: every weight but the frozen ones; or the adapters of linear layers, and of the model
 * itself the biases and modules that the adapter's configuration names. The method decides what is an input of the graph
 * (trained) and what is mapped from the file (frozen).
 */

import type { Anatomy } from '../models/anatomy'
import { type AdapterShape, adapterNames, withAdapters } from '../nn/lora'
import { type Tokens, tokenInputs } from '../nn/tokens'
import { type LinearLayer, type Weights, weightsOf } from '../nn/weights'
import { elementsIn } from '../weights/dtypes'
import { type AdapterConfig, rankAndScale } from '../weights/peft-config'
import { isSaved } from '../weights/peft-rules'
import { frozenBy } from './freeze'
import { type ModelTensor, type OpenModel, partsOf, type Selection } from './open-model'
import type { ParameterShape } from './parameters'

/** How a run sees a model's weights. A new view for each graph, since a graph's inputs are its own. */
export type WeightView = (tokens: Tokens | null) => Weights

export type AdaptedLayer = LinearLayer & { adapter: AdapterShape }
/** The adapter that is trained: what its folder says, and the layers that wear it. */
export type TrainedAdapter = { config: AdapterConfig; layers: readonly AdaptedLayer[] }

export type Trainable = {
  view: WeightView
  /** Of every tensor that is trained. */
  shapes: readonly ParameterShape[]
  /** All tensors of the model itself, and those among them that are trained. */
  all: readonly ModelTensor[]
  own: readonly ModelTensor[]
  /** null for full fine-tuning. */
  adapter: TrainedAdapter | null
}

/** Full fine-tuning: every tensor is trained that no pattern of `freeze` matches. @throws EngineError `bad_arguments` */
export function fullyTrainable(open: OpenModel, freeze: readonly string[] = []): Trainable {
  const all = tensorsOf(open, { trains: () => true, untied: false })
  const frozen = frozenBy(
    freeze,
    all.map(({ name }) => name),
  )
  const own = all.filter(({ name }) => !frozen(name))
  const selection = { trains: (name: string) => !frozen(name), untied: false }
  return { view: () => weightsOf(partsOf(open, selection)), shapes: own, all, own, adapter: null }
}

/** Adapters of the layers at `paths` over a model that is frozen but for what the configuration trains whole. */
export function adapted(open: OpenModel, config: AdapterConfig, paths: ReadonlySet<string>): Trainable {
  const anatomy = open.anatomy
  const layers = anatomy.linears
    .filter(({ path }) => paths.has(path))
    .map((layer) => ({ ...layer, adapter: { ...rankAndScale(config, layer.path), ...kindOf(config) } }))
  const selection = selectionOf(config, paths, anatomy)
  const all = tensorsOf(open, selection)
  const own = all.filter(({ name }) => selection.trains(name))
  const shapes = [...layers.flatMap(shapesOf), ...own]
  return { view: adaptedView(open, layers, selection), shapes, all, own, adapter: { config, layers } }
}

const kindOf = ({ dropout, dora }: AdapterConfig) => ({ dropout, dora })

/** The view of a model whose layers wear adapters. */
export function adaptedView(open: OpenModel, layers: readonly AdaptedLayer[], selection: Selection): WeightView {
  const byPath = new Map(layers.map(({ path, adapter }) => [path, adapter]))
  return (tokens) => {
    const wrap = withAdapters(({ path }) => byPath.get(path) ?? null, tokens?.randomness)
    return weightsOf({ ...partsOf(open, selection), wrap })
  }
}

/** Which tensors of the model an adapter trains beside its own, or replaces. */
export function selectionOf(
  { bias, modulesToSave }: Pick<AdapterConfig, 'bias' | 'modulesToSave'>,
  paths: ReadonlySet<string>,
  { tied }: Anatomy,
): Selection {
  const trainsBias = (name: string) =>
    name.endsWith('.bias') && (bias === 'all' || (bias === 'lora_only' && paths.has(name.slice(0, -'.bias'.length))))
  const saved = (name: string) => isSaved(name, modulesToSave)
  return {
    trains: (name) => saved(name) || trainsBias(name),
    // peft trains a copy of each module that is named: a head is then no longer the embedding.
    untied: tied !== null && (saved(tied.head) || saved(tied.embedding)),
  }
}

function shapesOf({ path, inputs, outputs, adapter: { r, dora } }: AdaptedLayer): ParameterShape[] {
  const names = adapterNames(path)
  return [
    { name: names.a, shape: [r, inputs] },
    { name: names.b, shape: [outputs, r] },
    ...(dora ? [{ name: names.magnitude, shape: [outputs] }] : []),
  ]
}

/** The tensors that the architecture asks for, under a selection. */
function tensorsOf(open: OpenModel, selection: Selection): ModelTensor[] {
  const tensors: ModelTensor[] = []
  const weights = weightsOf(partsOf(open, selection, (tensor) => tensors.push(tensor)))
  open.model.forward(weights, tokenInputs())
  open.model.head(weights)
  return tensors
}

/** Values that a run's model has beyond the base's: adapters, and the copies of modules that are trained whole. */
export function addedParameters({ shapes, own, adapter }: Trainable): number {
  if (!adapter) return 0
  const replaced = new Set(
    own.filter(({ name }) => !isSaved(name, adapter.config.modulesToSave)).map(({ name }) => name),
  )
  return shapes.filter(({ name }) => !replaced.has(name)).reduce((sum, { shape }) => sum + elementsIn(shape), 0)
}
