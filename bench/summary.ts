/** From runs to figures: speed in real tokens, memory, and whether two contenders drew the same curve. */
import type { MeasuredRun } from './measured-run'

export type Figures = {
  name: string
  title: string
  /** Medians over the runs. Tokens are those of the rows, without padding; the first step is left out of the time. */
  tokensPerSecond: number
  peakMemoryBytes: number | null
  secondsToFirstStep: number
  runs: { tokensPerSecond: number; peakMemoryBytes: number | null; secondsToFirstStep: number }[]
  /** Loss of each step, of the first run. */
  losses: number[]
  /** Largest difference of a loss between this contender's own runs. */
  lossSpread: number
}

/** `tokens`: lengths of the rows in the order they are taken. */
export function figuresOf(
  name: string,
  title: string,
  runs: MeasuredRun[],
  tokens: number[],
  batchSize: number,
): Figures {
  const perRun = runs.map((run) => ({
    tokensPerSecond: tokensPerSecond(run, tokens, batchSize),
    peakMemoryBytes: run.peakMemoryBytes,
    secondsToFirstStep: run.steps[0]!.seconds,
  }))
  const losses = runs[0]!.steps.map(({ loss }) => loss)
  const memory = perRun.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? [])
  return {
    name,
    title,
    tokensPerSecond: median(perRun.map((run) => run.tokensPerSecond)),
    peakMemoryBytes: memory.length > 0 ? median(memory) : null,
    secondsToFirstStep: median(perRun.map((run) => run.secondsToFirstStep)),
    runs: perRun,
    losses,
    lossSpread: Math.max(
      ...runs.map((run) =>
        largestDifference(
          losses,
          run.steps.map(({ loss }) => loss),
        ),
      ),
    ),
  }
}

/** Real tokens of the second to the last step, over the time between the first step's end and the last's. */
export function tokensPerSecond({ steps }: MeasuredRun, tokens: number[], batchSize: number): number {
  const counted = tokens.slice(batchSize, batchSize * steps.length).reduce((sum, length) => sum + length, 0)
  return counted / (steps.at(-1)!.seconds - steps[0]!.seconds)
}

/** Largest absolute difference of two curves, which must be of one length. */
export function largestDifference(left: number[], right: number[]): number {
  if (left.length !== right.length) return Number.POSITIVE_INFINITY
  return Math.max(...left.map((value, index) => Math.abs(value - right[index]!)))
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The table for people. */
export function table(figures: Figures[]): string {
  const gigabytes = (bytes: number | null) => (bytes === null ? 'not measured' : `${(bytes / 1e9).toFixed(2)} GB`)
  const rows = figures.map((entry) => [
    entry.title,
    entry.tokensPerSecond.toFixed(1),
    entry.runs.map((run) => run.tokensPerSecond.toFixed(0)).join(' '),
    gigabytes(entry.peakMemoryBytes),
    `${entry.secondsToFirstStep.toFixed(1)} s`,
    entry.losses.at(-1)!.toFixed(4),
  ])
  const head = ['', 'tokens/s', 'each run', 'peak memory', 'to first step', 'last loss']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
