/**
 * The compiled heart of a run: one graph for forward, loss and backward, and one for the evaluation loss.
 */
import type { TrainingArguments } from '../../../shared/contract'
import type { Example } from '../data/examples'
import { seededRandom } from '../data/random'
import { toModel } from '../graph/compile'
import { input, topological, type Value } from '../graph/value'
import { lossOf } from '../nn/head'
import { type Recompute, type Tokens, tokenInputs } from '../nn/tokens'
import type { Weights } from '../nn/weights'
import { add, gather, gradients, mul } from '../ops'
import { openSession, type Session, type Tensors } from '../runtime/session'
import { type Batch, batchOf, randomFeeds } from './batch'
import type { OpenModel } from './open-model'
import { allocate, type Parameters, tensorsOf } from './parameters'
import type { Trainable, WeightView } from './trainable'

export type StepResult = { lossSum: number; supervised: number; realTokens: number }

export type TrainingGraphs = {
  parameters: Parameters
  /** Leaves the gradients of the mean loss over all micro-batches in `parameters.gradients`. */
  gradientsOf(microBatches: readonly (readonly Example[])[], seed: number): Promise<StepResult>
  /** Sum of the losses of some rows, without dropout and noise, but with label smoothing, as the Trainer evaluates. */
  lossOf(examples: readonly Example[]): Promise<StepResult>
  close(): Promise<void>
}

/** The arguments that shape a step; what is left out is off. */
export type StepSettings = Partial<
  Pick<
    TrainingArguments,
    | 'gradient_accumulation_steps'
    | 'gradient_checkpointing'
    | 'model_dropout'
    | 'lora_dropout'
    | 'neftune_noise_alpha'
    | 'label_smoothing_factor'
  >
>

export async function openTrainingGraphs(
  open: OpenModel,
  trainable: Trainable,
  settings: StepSettings,
): Promise<TrainingGraphs> {
  const parameters = allocate(trainable.shapes)
  const step = stepShape(settings)
  const { accumulates, smoothing } = step
  const folder = open.weights.folder
  const vocabulary = open.model.shape.vocabularySize
  const training = await openSession(gradientGraph(open, trainable, step), { folder })
  let evaluation: Session | null = null

  const weights = tensorsOf(parameters, parameters.weights)
  const sums = tensorsOf(parameters, parameters.gradients, 'gradient/')
  const sofar = accumulates ? tensorsOf(parameters, parameters.gradients, 'sum/') : {}

  return {
    parameters,
    async gradientsOf(microBatches, seed) {
      const batches = microBatches.map((rows) => batchOf(rows, vocabulary))
      const result = countsOf(microBatches, batches)
      if (accumulates || result.supervised === 0) parameters.gradients.fill(0)
      for (const [number, batch] of batches.entries()) {
        if (!batch) continue
        const feeds = {
          ...weights,
          ...sofar,
          ...batch.feeds,
          ...scale(1 / result.supervised),
          ...drawn(step.random, batch, seed, number),
        }
        const { loss } = await training.run(feeds, sums)
        result.lossSum += Number(loss!.data[0])
      }
      return result
    },
    async lossOf(examples) {
      evaluation ??= await openSession(evaluationGraph(open, trainable, smoothing), { folder })
      const batch = batchOf(examples, vocabulary)
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
const drawn = (random: boolean, { feeds }: Batch, seed: number, number: number): Tensors =>
  random ? randomFeeds(seededRandom(seed, number).uint32(), feeds.ids!.data.length) : {}

function countsOf(microBatches: readonly (readonly Example[])[], batches: readonly (Batch | null)[]): StepResult {
  return {
    lossSum: 0,
    supervised: batches.reduce((sum, batch) => sum + (batch?.supervised ?? 0), 0),
    realTokens: microBatches.flat().reduce((sum, { ids }) => sum + ids.length, 0),
  }
}

type StepShape = {
  accumulates: boolean
  /** Whether anything draws random numbers. */
  random: boolean
  modelDropout: boolean
  noiseAlpha: number | null
  smoothing: number
  recompute: Recompute
}

function stepShape(settings: StepSettings): StepShape {
  const modelDropout = settings.model_dropout === 'config'
  const noiseAlpha = settings.neftune_noise_alpha ?? null
  return {
    accumulates: (settings.gradient_accumulation_steps ?? 1) > 1,
    random: modelDropout || (settings.lora_dropout ?? 0) > 0 || noiseAlpha !== null,
    modelDropout,
    noiseAlpha,
    smoothing: settings.label_smoothing_factor ?? 0,
    recompute: settings.gradient_checkpointing ? 'layers' : 'attention',
  }
}

/** Loss summed over the supervised tokens, and with `scale` on it, the gradient of each trained tensor. */
function gradientGraph(
  open: OpenModel,
  { view, shapes }: Trainable,
  { accumulates, smoothing, ...options }: StepShape,
) {
  const tokens = tokenInputs(options)
  const loss = lossGraph(open, view(tokens), tokens, smoothing)
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

const evaluationGraph = (open: OpenModel, { view }: Trainable, smoothing: number) =>
  toModel('evaluation', { loss: lossValue(open, view, smoothing) })

/** The summed loss of a batch, without dropout. */
export const lossValue = (open: OpenModel, view: WeightView, smoothing = 0): Value =>
  lossGraph(open, view(null), tokenInputs(), smoothing)

function lossGraph({ model }: OpenModel, weights: Weights, tokens: Tokens, smoothing: number): Value {
  const hidden = model.forward(weights, tokens)
  const supervised = gather(hidden, input('targets', 'int64', ['L', 'C'])) // [L, C, D]
  return lossOf(supervised, model.head(weights), input('labels', 'int64', ['L', 'C']), smoothing)
}
