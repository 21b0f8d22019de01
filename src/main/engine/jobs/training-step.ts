/**
 * The compiled heart of a run: one graph for forward, loss and backward, one for the evaluation loss, and the
 * optimizer. The method decides what is an input (trained) and what is mapped from the file (frozen).
 */
import type { TrainingArguments } from '../../../shared/contract'
import type { Example } from '../data/examples'
import { seededRandom } from '../data/random'
import { toModel } from '../graph/compile'
import { input, topological, type Value } from '../graph/value'
import type { Model } from '../models'
import { isTarget, type LoraShape, loraNames, withLora } from '../nn/lora'
import { type Tokens, tokenInputs } from '../nn/tokens'
import { type LinearLayer, type Weights, weightsOf } from '../nn/weights'
import { add, crossEntropy, gather, gradients, mul } from '../ops'
import { EngineError } from '../protocol'
import { openSession, type Session } from '../runtime/session'
import { type Batch, batchOf, randomFeeds } from './batch'
import { linearLayers } from './linear-layers'
import { frozenTensors, type OpenModel, trainedTensors } from './open-model'
import { allocate, type ParameterShape, type Parameters, tensorsOf } from './parameters'

/** How a run sees a model's weights. A new view for each graph, since a graph's inputs are its own. */
export type WeightView = (tokens: Tokens | null) => Weights

export type Trainable = { view: WeightView; shapes: readonly ParameterShape[]; layers: readonly LinearLayer[] }

/** Full fine-tuning: every weight is trained. */
export function fullyTrainable(open: OpenModel): Trainable {
  const shapes: ParameterShape[] = []
  const view = (found: (name: string, shape: readonly number[]) => void) => weightsOf(trainedTensors(open, found))
  build(open, () => view((name, shape) => shapes.push({ name, shape })))
  return { view: () => view(() => undefined), shapes, layers: [] }
}

/** LoRA: the model's weights are frozen, and the adapters of its linear layers are trained. */
export function adapted(open: OpenModel, lora: LoraShape): Trainable {
  const layers: LinearLayer[] = []
  const view = (tokens: Tokens | null, found: (layer: LinearLayer) => void) =>
    weightsOf(frozenTensors(open), withLora(lora, found, tokens?.randomness ?? undefined))
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
  open.model.head(view, open.model.forward(view, tokenInputs()))
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

export type StepResult = { lossSum: number; supervised: number; realTokens: number }

export type TrainingGraphs = {
  parameters: Parameters
  /** Leaves the gradients of the mean loss over all micro-batches in `parameters.gradients`. */
  gradientsOf(microBatches: readonly (readonly Example[])[], seed: number): Promise<StepResult>
  /** Sum of the losses of some rows, without dropout. */
  lossOf(examples: readonly Example[]): Promise<StepResult>
  close(): Promise<void>
}

export async function openTrainingGraphs(
  open: OpenModel,
  trainable: Trainable,
  settings: Pick<TrainingArguments, 'gradient_accumulation_steps' | 'model_dropout' | 'lora_dropout'>,
): Promise<TrainingGraphs> {
  const parameters = allocate(trainable.shapes)
  const accumulates = settings.gradient_accumulation_steps > 1
  const modelDropout = settings.model_dropout === 'config'
  const random = modelDropout || settings.lora_dropout > 0
  const folder = open.weights.folder
  const training = await openSession(gradientGraph(open, trainable, { accumulates, random, modelDropout }), { folder })
  let evaluation: Session | null = null

  const weights = tensorsOf(parameters, parameters.weights)
  const sums = tensorsOf(parameters, parameters.gradients, 'gradient/')
  const sofar = accumulates ? tensorsOf(parameters, parameters.gradients, 'sum/') : {}

  return {
    parameters,
    async gradientsOf(microBatches, seed) {
      const batches = microBatches.map(batchOf)
      const result = countsOf(microBatches, batches)
      if (accumulates || result.supervised === 0) parameters.gradients.fill(0)
      for (const [number, batch] of batches.entries()) {
        if (!batch) continue
        const feeds = {
          ...weights,
          ...sofar,
          ...batch.feeds,
          ...scale(1 / result.supervised),
          ...drawn(random, batch, seed, number),
        }
        const { loss } = await training.run(feeds, sums)
        result.lossSum += Number(loss!.data[0])
      }
      return result
    },
    async lossOf(examples) {
      evaluation ??= await openSession(evaluationGraph(open, trainable), { folder })
      const batch = batchOf(examples)
      const result = countsOf([examples], [batch])
      if (batch) result.lossSum = Number((await evaluation.run({ ...weights, ...batch.feeds })).loss!.data[0])
      return result
    },
    async close() {
      await training.close()
      await evaluation?.close()
    },
  }
}

const scale = (value: number) => ({ scale: { data: Float32Array.of(value), shape: [] } })
const drawn = (random: boolean, { feeds }: Batch, seed: number, number: number) =>
  random ? randomFeeds(seededRandom(seed, number).uint32(), feeds.ids!.data.length) : {}

function countsOf(microBatches: readonly (readonly Example[])[], batches: readonly (Batch | null)[]): StepResult {
  return {
    lossSum: 0,
    supervised: batches.reduce((sum, batch) => sum + (batch?.supervised ?? 0), 0),
    realTokens: microBatches.flat().reduce((sum, { ids }) => sum + ids.length, 0),
  }
}

/** Loss summed over the supervised tokens, and with `scale` on it, the gradient of each trained tensor. */
function gradientGraph(
  open: OpenModel,
  { view, shapes }: Trainable,
  { accumulates, random, modelDropout }: { accumulates: boolean; random: boolean; modelDropout: boolean },
) {
  const tokens = tokenInputs({ random, modelDropout })
  const loss = lossGraph(open, view(tokens), tokens)
  const trained = inputsByName(loss)
  const all = gradients(
    mul(loss, input('scale', 'float32', [])),
    shapes.map(({ name }) => trained.get(name)!),
  )
  const outputs = shapes.map(({ name, shape }) => {
    const gradient = all.get(trained.get(name)!)!
    return [`gradient/${name}`, accumulates ? add(input(`sum/${name}`, 'float32', shape), gradient) : gradient] as const
  })
  return toModel('training', { loss, ...Object.fromEntries(outputs) })
}

/** The inputs that a value depends on. */
function inputsByName(value: Value): Map<string, Value> {
  const leaves = topological([value]).flatMap(({ inputs }) => inputs)
  return new Map(leaves.flatMap((leaf) => (leaf.source?.kind === 'input' ? [[leaf.source.name, leaf] as const] : [])))
}

const evaluationGraph = (open: OpenModel, { view }: Trainable) => toModel('evaluation', { loss: lossValue(open, view) })

/** The summed loss of a batch, without dropout. */
export const lossValue = (open: OpenModel, view: WeightView): Value => lossGraph(open, view(null), tokenInputs())

function lossGraph({ model }: OpenModel, weights: Weights, tokens: Tokens): Value {
  const hidden = model.forward(weights, tokens)
  const logits = model.head(weights, gather(hidden, input('targets', 'int64', ['M'])))
  return crossEntropy(logits, input('labels', 'int64', ['M']))
}
