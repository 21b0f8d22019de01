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
import { openSession, type Session } from '../runtime/session'
import { type Batch, batchOf, randomFeeds } from './batch'
import type { OpenModel } from './open-model'
import { allocate, type Parameters, tensorsOf } from './parameters'
import type { Trainable, WeightView } from './trainable'

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
  settings: Pick<
    TrainingArguments,
    'gradient_accumulation_steps' | 'gradient_checkpointing' | 'model_dropout' | 'lora_dropout'
  >,
): Promise<TrainingGraphs> {
  const parameters = allocate(trainable.shapes)
  const accumulates = settings.gradient_accumulation_steps > 1
  const modelDropout = settings.model_dropout === 'config'
  const random = modelDropout || settings.lora_dropout > 0
  const recompute: Recompute = settings.gradient_checkpointing ? 'layers' : 'attention'
  const folder = open.weights.folder
  const step = { accumulates, random, modelDropout, recompute }
  const training = await openSession(gradientGraph(open, trainable, step), { folder })
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

type StepShape = { accumulates: boolean; random: boolean; modelDropout: boolean; recompute: Recompute }

/** Loss summed over the supervised tokens, and with `scale` on it, the gradient of each trained tensor. */
function gradientGraph(
  open: OpenModel,
  { view, shapes }: Trainable,
  { accumulates, random, modelDropout, recompute }: StepShape,
) {
  const tokens = tokenInputs({ random, modelDropout, recompute })
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
  const supervised = gather(hidden, input('targets', 'int64', ['L', 'C'])) // [L, C, D]
  return lossOf(supervised, model.head(weights), input('labels', 'int64', ['L', 'C']))
}
