/** From runs to figures: speed in real tokens, memory, and how they compare. */
import { z } from 'zod'
import type { MeasuredRun } from './measured-run'
import { type MemoryAccount, totalOf } from './memory-account'

const RunFigures = z.object({
  tokensPerSecond: z.number(),
  peakMemoryBytes: z.number().nullable(),
  secondsToFirstStep: z.number(),
})
export const Figures = RunFigures.extend({
  name: z.string(),
  title: z.string(),
  /** Those above are medians of these. Tokens are the rows', without padding; the first step is not in the time. */
  runs: z.array(RunFigures),
  /** What the peak of the run with the median peak is made of. */
  peakMemory: z.object({ files: z.number(), programs: z.number(), anonymous: z.number() }).nullable(),
  /** Loss of each step, of the first run. */
  losses: z.array(z.number()),
  /** Largest difference of a loss between this contender's own runs. */
  lossSpread: z.number(),
})
export type Figures = z.infer<typeof Figures>

/** `tokens`: lengths of the rows in the order they are taken. */
export function figuresOf(
  name: string,
  title: string,
  runs: readonly MeasuredRun[],
  tokens: readonly number[],
  batchSize: number,
): Figures {
  const perRun = runs.map((run) => ({
    tokensPerSecond: tokensPerSecond(run, tokens, batchSize),
    peakMemoryBytes: run.peakMemory && totalOf(run.peakMemory),
    secondsToFirstStep: run.steps[0]!.seconds,
  }))
  const losses = lossesOf(runs[0]!)
  const memory = perRun.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? [])
  return {
    name,
    title,
    tokensPerSecond: median(perRun.map((run) => run.tokensPerSecond)),
    peakMemoryBytes: memory.length > 0 ? median(memory) : null,
    peakMemory: middlePeak(runs.flatMap(({ peakMemory }) => peakMemory ?? [])),
    secondsToFirstStep: median(perRun.map((run) => run.secondsToFirstStep)),
    runs: perRun,
    losses,
    lossSpread: Math.max(...runs.map((run) => largestDifference(losses, lossesOf(run)))),
  }
}

const lossesOf = ({ steps }: MeasuredRun) => steps.map(({ loss }) => loss)

const middlePeak = (peaks: MemoryAccount[]): MemoryAccount | null =>
  peaks.sort((a, b) => totalOf(a) - totalOf(b))[Math.floor(peaks.length / 2)] ?? null

/** Real tokens of the second to the last step, over the time between the first step's end and the last's. */
export function tokensPerSecond({ steps }: MeasuredRun, tokens: readonly number[], batchSize: number): number {
  const counted = tokens.slice(batchSize, batchSize * steps.length).reduce((sum, length) => sum + length, 0)
  return counted / (steps.at(-1)!.seconds - steps[0]!.seconds)
}

/** Largest absolute difference of two curves, which must be of one length. */
export function largestDifference(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY
  return Math.max(...left.map((value, index) => Math.abs(value - right[index]!)))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

const gigabytes = (bytes: number | null) => (bytes === null ? 'not measured' : `${(bytes / 1e9).toFixed(2)} GB`)

/** The figures for people, as rows under a heading. */
export function figuresTable(figures: readonly Figures[]): string[][] {
  const rows = figures.map((entry) => [
    entry.title,
    entry.tokensPerSecond.toFixed(1),
    entry.runs.map((run) => run.tokensPerSecond.toFixed(0)).join(' '),
    gigabytes(entry.peakMemoryBytes),
    `${entry.secondsToFirstStep.toFixed(1)} s`,
    entry.losses.at(-1)!.toFixed(4),
  ])
  return [['', 'tokens/s', 'each run', 'peak memory', 'to first step', 'last loss'], ...rows]
}
