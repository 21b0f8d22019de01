/**
 * The training benchmark: LoRA on a GPT-2 of the original's size, Camelot beside Hugging Face Trainer + PEFT, in turn
 * on one machine, on the same rows in the same order from the same adapter. See bench/README.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildCamelot, type Contender, contender } from './contenders'
import { machine, otherLoad, processorHasBf16 } from './machine'
import { type Materials, prepareMaterials } from './materials'
import type { MeasuredRun } from './measured-run'
import { type Options, parseOptions, usage } from './options'
import { picture } from './picture'
import { peerPython } from './python-environment'
import { type Figures, figuresOf, largestDifference, table } from './summary'

/** Two fp32 implementations must agree to this in every step's loss. */
const LOSS_TOLERANCE = 1e-3
/** Cores in other hands from which on the figures are not worth quoting. */
const BUSY = 0.5

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(usage)
  const options = parseOptions(process.argv.slice(2), processorHasBf16())
  const materials = prepareMaterials(options)
  let python: string | undefined
  const findPython = () => (python ??= peerPython(options.python, materials.cache))
  const contenders = options.contenders.map((name) => contender(name, options, materials, findPython))
  if (options.contenders.includes('camelot')) buildCamelot()
  const loadBefore = otherLoad()
  if (loadBefore > BUSY)
    console.error(
      `Other programs keep ${loadBefore} cores busy: the figures will be too low, and noisy. Close them first.`,
    )
  const runs = await inTurn(contenders, options.repeats, materials.tokens)
  const figures = contenders.map(({ name, title }) =>
    figuresOf(name, title, runs.get(name)!, materials.tokens, options.batchSize),
  )
  console.log(`\n${table(figures)}\n`)
  const agreement = compareLosses(figures)
  writeResults(options, materials, figures, { loadBefore, lossAgreement: agreement }, runs)
  if (agreement && !agreement.same) process.exitCode = 1
}

/** A, B, A, B, …: what else the machine does falls on each alike. */
async function inTurn(contenders: Contender[], repeats: number, tokens: number[]): Promise<Map<string, MeasuredRun[]>> {
  const runs = new Map<string, MeasuredRun[]>(contenders.map(({ name }) => [name, []]))
  for (let repeat = 1; repeat <= repeats; repeat++)
    for (const { name, title, run } of contenders) {
      process.stderr.write(`run ${repeat} of ${repeats}: ${title} … `)
      const measured = await run()
      if (measured.steps.length < 2)
        throw new Error(`${title} reported ${measured.steps.length} steps; at least 2 are needed`)
      checkLengths(title, measured, tokens)
      process.stderr.write(`${measured.seconds.toFixed(0)} s\n`)
      runs.get(name)!.push(measured)
    }
  return runs
}

/** A contender that says how long its rows became must mean the lengths that speed is counted in. */
function checkLengths(title: string, { start }: MeasuredRun, tokens: number[]): void {
  if (start?.tokens !== undefined && JSON.stringify(start.tokens) !== JSON.stringify(tokens))
    throw new Error(`${title} made rows of ${start.tokens} tokens where ${tokens} were meant`)
}

/** Whether the two fp32 contenders drew the same curve; null when only one of them ran. */
function compareLosses(figures: Figures[]) {
  const ours = figures.find(({ name }) => name === 'camelot')
  const theirs = figures.find(({ name }) => name === 'peer-fp32')
  if (!ours || !theirs) return null
  const difference = largestDifference(ours.losses, theirs.losses)
  const same = difference <= LOSS_TOLERANCE
  console.log(
    `Largest difference of a step's loss in fp32: ${difference.toExponential(2)}, ${same ? 'within' : 'NOT within'} ${LOSS_TOLERANCE}`,
  )
  return { largestDifference: difference, tolerance: LOSS_TOLERANCE, same }
}

function writeResults(
  options: Options,
  materials: Materials,
  figures: Figures[],
  observed: { loadBefore: number; lossAgreement: object | null },
  runs: Map<string, MeasuredRun[]>,
): void {
  mkdirSync(options.output, { recursive: true })
  const name = `train-${options.shape}-${options.rows}`
  const { python, cache, output, ...settings } = options
  const peer = [...runs].find(([contender]) => contender !== 'camelot')?.[1][0]?.start
  const result = {
    date: new Date().toISOString(),
    machine: machine(),
    settings,
    rows: { count: materials.tokens.length, tokens: materials.tokens },
    peer: peer ? { versions: peer.versions, threads: peer.threads } : null,
    ...observed,
    figures,
  }
  writeFileSync(join(options.output, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
  const heading = `LoRA r${options.rank} on a GPT-2 of ${options.shape === 'gpt2' ? '124M' : 'tiny'} shape, batch ${options.batchSize}`
  const note = `Rows of ${options.shortest} to ${options.longest} tokens, ${options.rows}; median of ${options.repeats}; ${result.machine.processor}, ${result.machine.cores} cores, ${result.date.slice(0, 10)}`
  writeFileSync(join(options.output, `${name}.svg`), picture(heading, note, figures))
  console.log(`Written: ${join(options.output, name)}.json and .svg`)
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
