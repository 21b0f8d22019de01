/** `camelot train` as a benchmark starts it: the built command, on given files, with nothing left to chance. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type MeasuredRun, measure } from './measured-run'
import { inRepository } from './repository'

export type CamelotTraining = {
  model: string
  rows: string
  /** PEFT adapter to start from. */
  adapter: string
  longest: number
  steps: number
  batchSize: number
  learningRate: number
  /** Further options, as they stand on the command line. */
  options: readonly string[]
}

const builtCommand = inRepository('out', 'main', 'cli.cjs')

/** Builds the command line where its sources changed, so that no run has that in its time. */
export function buildCamelot(): void {
  execFileSync(process.execPath, [inRepository('scripts', 'camelot.mjs'), 'doctor', '--json'], {
    stdio: ['ignore', 'ignore', 2],
  })
}

/** Runs `work` with an empty data folder under `cache`, removed afterwards; so are those of processes that are gone. */
export async function withHome<T>(cache: string, work: (home: string) => Promise<T>): Promise<T> {
  for (const left of readdirSync(cache).filter(isAbandoned)) rmSync(join(cache, left), { recursive: true, force: true })
  const home = mkdtempSync(join(cache, `home-${process.pid}-`))
  try {
    return await work(home)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

function isAbandoned(name: string): boolean {
  const owner = /^home-(\d+)-/.exec(name)?.[1]
  if (owner === undefined) return false
  try {
    return !process.kill(Number(owner), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** One run, measured. `environment` is added to this process's. */
export const measureCamelot = (
  training: CamelotTraining,
  home: string,
  environment?: Record<string, string>,
): Promise<MeasuredRun> => measure(process.execPath, [builtCommand, ...argumentsOf(training, home)], environment)

function argumentsOf(training: CamelotTraining, home: string): string[] {
  const values = {
    home,
    model: training.model,
    dataset: training.rows,
    device: 'cpu',
    'init-adapter': training.adapter,
    'max-length': training.longest,
    'max-steps': training.steps,
    'per-device-train-batch-size': training.batchSize,
    'learning-rate': training.learningRate,
    'lr-scheduler-type': 'constant',
    'logging-steps': 1,
    'validation-split': 0,
    'eval-strategy': 'no',
    'save-strategy': 'no',
    'output-dir': mkdtempSync(join(home, 'output-')),
  }
  const pairs = Object.entries(values).flatMap(([name, value]) => [`--${name}`, String(value)])
  return ['train', '--json', '--no-shuffle', ...pairs, ...training.options]
}
