/** The runs of the scaling benchmark: rows of one length at a time, and models of one depth at a time. */
import { join } from 'node:path'
import type { CamelotTraining } from './camelot-training'
import { adapterFolder, modelFolder, rowsFile } from './materials'
import { raggedRows } from './ragged-rows'
import type { PointSeries } from './scaling-figures'
import { type AnyDepthName, ofDepth } from './shapes'
import { isWholeModel, linkModel } from './synthetic-model'

export type ScalingPlan = {
  shape: AnyDepthName
  lengths: readonly number[]
  layers: readonly number[]
  /** Of a batch. */
  tokens: number
  steps: number
  options: readonly string[]
  cache: string
}
export type ScalingJob = {
  series: PointSeries['name']
  /** Tokens of a row, or layers. */
  x: number
  tokensPerStep: number
  training: CamelotTraining
}

const RANK = 16
const SEED = 1
/** Of the model whose rows grow. */
const USUAL_DEPTH = 12

export function scalingJobs(plan: ScalingPlan): ScalingJob[] {
  const deepest = Math.max(USUAL_DEPTH, ...plan.layers)
  const job = (series: PointSeries['name'], x: number, depth: number, length: number): ScalingJob => {
    const batchSize = Math.max(1, Math.floor(plan.tokens / length))
    const model = modelOfDepth(plan, depth, deepest)
    const adapter = adapterFolder(plan.cache, nameOf(plan, depth), ofDepth(plan.shape, depth), RANK, SEED)
    const rows = rowsFile(plan.cache, raggedRows('text', plan.steps * batchSize, length, length, SEED))
    const { steps, options } = plan
    const training = { model, adapter, rows, longest: length, steps, batchSize, learningRate: 1e-3, options }
    return { series, x, tokensPerStep: batchSize * length, training }
  }
  return [
    ...plan.lengths.map((length) => job('lengths', length, USUAL_DEPTH, length)),
    ...plan.layers.map((depth) => job('layers', depth, depth, Math.floor(plan.tokens / 4))),
  ]
}

const nameOf = ({ shape }: ScalingPlan, depth: number) => `${shape}-${depth}-layers`

/** Only the deepest model has weights of its own. */
function modelOfDepth(plan: ScalingPlan, depth: number, deepest: number): string {
  const whole = modelFolder(plan.cache, nameOf(plan, deepest), ofDepth(plan.shape, deepest), SEED)
  if (depth === deepest) return whole
  const folder = join(plan.cache, `model-${nameOf(plan, depth)}-of-${deepest}-seed${SEED}`)
  if (!isWholeModel(folder)) linkModel(folder, ofDepth(plan.shape, depth), whole)
  return folder
}
