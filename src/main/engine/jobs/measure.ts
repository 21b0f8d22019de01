/**
 * A trial of a run on this machine: its graphs, and two real steps on the longest batch of its first epoch. Says how
 * much memory the process held and how long the whole run would take. Nothing is written to the run's folder.
 */
import type { z } from 'zod'
import type { Measurement } from '../../../shared/contract'
import type { MeasureEvent, MeasureSpec } from '../protocol'
import type { Control } from './control'
import { peakMemoryBytes } from './journal'
import { assureMemory } from './memory-check'
import { type Machinery, openMachinery, planRun, type RunPlan, stepsOf } from './run-plan'

/** The first step also pays for what is made once. */
const trials = 2

/** @throws EngineError as a run's beginning does, `out_of_memory` among them. */
export async function* measure(spec: MeasureSpec, control: Control): AsyncGenerator<z.infer<typeof MeasureEvent>> {
  const source = { ...spec, resumeFrom: null }
  const plan = await planRun(source)
  await assureMemory(plan)
  await control.breathe()
  if (control.stopping) return
  const machinery = await openMachinery(source, plan)
  const rows = longestBatch(plan)
  try {
    for (let step = 1; step <= trials; step++) {
      const trial = await trialStep(machinery, plan, rows, step)
      yield { type: 'progress', step, steps: trials }
      await control.breathe()
      if (control.stopping) return
      if (step === trials) yield { type: 'done', measurement: measurementOf(plan, trial) }
    }
  } finally {
    await machinery.graphs.close()
    await machinery.optimizer.close()
  }
}

/** The batch with the most tokens that the first epoch has. */
function longestBatch(plan: RunPlan): number[] {
  let longest: number[] = []
  for (const { step, microBatches } of stepsOf(plan)) {
    if (step > plan.data.stepsPerEpoch) break
    for (const rows of microBatches) if (tokensOf(plan, rows) > tokensOf(plan, longest)) longest = rows
  }
  return longest
}

const tokensOf = ({ data }: RunPlan, rows: readonly number[]) =>
  rows.reduce((sum, row) => sum + data.examples[row]!.ids.length, 0)

type Trial = { tokens: number; batchSeconds: number; updateSeconds: number }

async function trialStep(
  { graphs, optimizer }: Machinery,
  plan: RunPlan,
  rows: number[],
  step: number,
): Promise<Trial> {
  const began = performance.now()
  const { realTokens } = await graphs.gradientsOf([rows.map((row) => plan.data.examples[row]!)], plan.args.seed)
  const computed = performance.now()
  await optimizer.update(step, plan.args.learning_rate, await optimizer.gradientNorm())
  const updated = performance.now()
  return { tokens: realTokens, batchSeconds: (computed - began) / 1000, updateSeconds: (updated - computed) / 1000 }
}

/** The trial's pace over all the tokens that the run reads, and an update for each step. */
function measurementOf(plan: RunPlan, { tokens, batchSeconds, updateSeconds }: Trial): Measurement {
  const { steps, stepsPerEpoch, train } = plan.data
  const secondsPerToken = batchSeconds / Math.max(1, tokens)
  const tokensPerStep = tokensOf(plan, train) / stepsPerEpoch
  const secondsPerStep = tokensPerStep * secondsPerToken + updateSeconds
  return {
    peakMemoryBytes: peakMemoryBytes(),
    secondsPerStep,
    tokensPerSecond: tokensPerStep / secondsPerStep,
    seconds: steps * secondsPerStep + evaluations(plan) * evaluationTokens(plan) * secondsPerToken * forwardShare(plan),
  }
}

/** How often the run measures its evaluation loss. */
function evaluations({ args, data }: RunPlan): number {
  if (args.eval_strategy === 'no') return 0
  return data.steps / (args.eval_strategy === 'epoch' ? data.stepsPerEpoch : (args.eval_steps ?? args.logging_steps))
}

const evaluationTokens = ({ data }: RunPlan) => data.validation.reduce((sum, { ids }) => sum + ids.length, 0)

/** What the forward pass is of a training step: the way back costs as much again, and with every weight trained, twice. */
const forwardShare = ({ args }: RunPlan) => (args.method === 'full' ? 1 / 3 : 1 / 2)
