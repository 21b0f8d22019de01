/** What a run's log says about it so far: a fold over its events. */
import { z } from 'zod'
import { RunEntry, type TrainEvent } from '../../shared/contract'

export const RunProgress = RunEntry.pick({
  step: true,
  steps: true,
  loss: true,
  evalLoss: true,
  tokensPerSecond: true,
  peakMemoryBytes: true,
  etaSeconds: true,
  checkpoints: true,
  bestStep: true,
  error: true,
}).extend({
  /** Evaluation losses by step, as pairs, to name each checkpoint's. */
  evaluations: z.array(z.tuple([z.number(), z.number()])),
})
export type RunProgress = z.infer<typeof RunProgress>

export const noProgress: RunProgress = {
  step: 0,
  steps: 0,
  loss: null,
  evalLoss: null,
  tokensPerSecond: null,
  peakMemoryBytes: null,
  etaSeconds: null,
  checkpoints: [],
  bestStep: null,
  error: null,
  evaluations: [],
}

export function advance(progress: RunProgress, event: TrainEvent): RunProgress {
  switch (event.type) {
    case 'start':
      return startedAgain({ ...progress, steps: event.steps, step: event.resumedFrom, error: null, etaSeconds: null })
    case 'log': {
      const { step, loss, tokensPerSecond, peakMemoryBytes, etaSeconds } = event
      return { ...progress, step, loss, tokensPerSecond, peakMemoryBytes, etaSeconds }
    }
    case 'eval': {
      const others = progress.evaluations.filter(([step]) => step !== event.step)
      return named({
        ...progress,
        step: event.step,
        evalLoss: event.loss,
        evaluations: [...others, [event.step, event.loss]],
      })
    }
    case 'checkpoint': {
      const others = progress.checkpoints.filter(({ step }) => step !== event.step)
      const added = { step: event.step, path: event.path, evalLoss: null }
      return named({ ...progress, step: event.step, checkpoints: [...others, added] })
    }
    case 'paused':
    case 'continued':
      return { ...progress, step: event.step, etaSeconds: event.type === 'paused' ? null : progress.etaSeconds }
    case 'done': {
      const { step, tokensPerSecond } = event
      return { ...progress, step, tokensPerSecond, bestStep: event.best.step, etaSeconds: event.stopped ? null : 0 }
    }
    case 'error':
      return { ...progress, error: event.message, etaSeconds: null }
    case 'sample':
    case 'warning':
      return progress
  }
}

/** A run that goes on from an earlier checkpoint will write what came after it anew. */
function startedAgain(progress: RunProgress): RunProgress {
  const { step } = progress
  return {
    ...progress,
    bestStep: null,
    checkpoints: progress.checkpoints.filter((checkpoint) => checkpoint.step <= step),
    evaluations: progress.evaluations.filter(([evaluated]) => evaluated <= step),
  }
}

/** Gives each checkpoint the evaluation loss of its step. */
function named(progress: RunProgress): RunProgress {
  const losses = new Map(progress.evaluations)
  return {
    ...progress,
    checkpoints: progress.checkpoints.map((checkpoint) => ({
      ...checkpoint,
      evalLoss: losses.get(checkpoint.step) ?? null,
    })),
  }
}
