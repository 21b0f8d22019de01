/**
 * The training benchmark: Camelot's methods beside Hugging Face Trainer + PEFT, in turn on one machine, on the same rows
 * in the same order from the same adapter. See bench/README.md.
 */
import { buildCamelot } from './camelot-training'
import { agreements, ratios } from './comparison'
import { type Contender, type ContenderName, contender, isOurs } from './contenders'
import { checkedLoad, machine, processorHasBf16 } from './machine'
import { type Materials, prepareMaterials } from './materials'
import { Interrupted, type MeasuredRun } from './measured-run'
import { type Options, parseOptions, usage } from './options'
import { picture } from './picture'
import { peerPython } from './python-environment'
import { writeResult } from './result-files'
import { RunStore } from './run-store'
import { shapes } from './shapes'
import { type Figures, figuresOf, figuresTable } from './summary'
import { inColumns } from './tables'

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(usage)
  const options = parseOptions(process.argv.slice(2), processorHasBf16())
  const materials = prepareMaterials(options)
  let python: string | undefined
  const findPython = () => (python ??= peerPython(options.python, materials.cache))
  if (!options.contenders.every(isOurs)) findPython() // installed before the first run, not between two
  const contenders = options.contenders.map((name) => contender(name, options, materials, findPython))
  buildCamelot()
  const loadBefore = await checkedLoad()
  const { contenders: _, repeats, output, python: __, cache, ...settings } = options
  const store = RunStore.open(cache, settings)
  const failed = await inTurn(contenders, repeats, materials.tokens, store)
  const figures = contenders
    .filter(({ name }) => !failed.has(name))
    .map(({ name, title }) =>
      figuresOf(name, title, store.runsOf(name).slice(0, repeats), materials.tokens, options.batchSize),
    )
  if (figures.length === 0) throw new Error('No contender came to an end.')
  report(options, materials, { figures, loadBefore, failed: [...failed] }, peerOf(contenders, store))
  if (failed.size === 0) store.forget()
  else process.exitCode = 1
}

/**
 * A, B, A, B, …: what else the machine does falls on each alike. Runs kept from before are not made again. A contender
 * that fails leaves the race; the others go on. Returns who failed.
 */
async function inTurn(
  contenders: readonly Contender[],
  repeats: number,
  tokens: readonly number[],
  store: RunStore,
): Promise<Set<ContenderName>> {
  const failed = new Set<ContenderName>()
  for (let repeat = 1; repeat <= repeats; repeat++)
    for (const { name, title, run } of contenders) {
      if (failed.has(name) || store.runsOf(name).length >= repeat) continue
      process.stderr.write(`run ${repeat} of ${repeats}: ${title} … `)
      try {
        const measured = checked(title, await run(), tokens)
        process.stderr.write(`${measured.seconds.toFixed(0)} s\n`)
        store.add(name, measured)
      } catch (error) {
        if (error instanceof Interrupted) throw error
        console.error(`failed: ${error instanceof Error ? error.message : error}`)
        failed.add(name)
      }
    }
  return failed
}

/** A contender that says how long its rows became must mean the lengths that speed is counted in. */
function checked(title: string, run: MeasuredRun, tokens: readonly number[]): MeasuredRun {
  if (run.steps.length < 2) throw new Error(`${title} reported ${run.steps.length} steps; at least 2 are needed`)
  const { tokens: said } = run.start ?? {}
  if (said !== undefined && JSON.stringify(said) !== JSON.stringify(tokens))
    throw new Error(`${title} made rows of ${said} tokens where ${tokens} were meant`)
  return run
}

type PeerFacts = { versions: Record<string, string>; threads: number } | null

function peerOf(contenders: readonly Contender[], store: RunStore): PeerFacts {
  const start = contenders.filter(({ name }) => !isOurs(name)).flatMap(({ name }) => store.runsOf(name))[0]?.start
  return start ? { versions: start.versions as Record<string, string>, threads: start.threads as number } : null
}

function report(
  options: Options,
  { tokens }: Materials,
  found: { figures: Figures[]; loadBefore: number; failed: string[] },
  peer: PeerFacts,
): void {
  const { python, cache, output, ...settings } = options
  const comparison = { ratios: ratios(found.figures), agreements: agreements(found.figures) }
  console.log(`\n${inColumns(figuresTable(found.figures))}\n`)
  for (const { what, value } of comparison.ratios) console.log(`${what}: ${value.toFixed(2)}`)
  for (const { name, against, kind, largestDifference, bound, within } of comparison.agreements) {
    console.log(
      `Largest ${kind} difference of a step's loss, ${name} from ${against}: ${largestDifference.toExponential(2)}, ${within ? 'within' : 'NOT within'} ${bound}`,
    )
    if (!within) process.exitCode = 1
  }
  const title = `LoRA r${options.rank} on a ${shapes[options.shape].title}, batch ${options.batchSize}`
  const { processor, cores } = machine()
  const note = `Rows of ${options.shortest} to ${options.longest} tokens, ${options.rows}; median of ${options.repeats}; ${processor}, ${cores} cores, ${new Date().toISOString().slice(0, 10)}`
  const rows = { count: tokens.length, tokens }
  writeResult(
    output,
    `train-${options.shape}-${options.rows}`,
    { kind: 'training', title, settings, rows, peer, ...found, ...comparison },
    { '': picture(title, note, found.figures) },
  )
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
