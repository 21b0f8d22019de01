/**
 * Where the time of a training step goes, and what its memory is made of: a few equal steps of Camelot under ONNX
 * Runtime's own profiler. See bench/README.md.
 */
import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildCamelot, measureCamelot, withHome } from './camelot-training'
import { optionsOf, ourNames, titleOf } from './contenders'
import { folderDefaults, folderUsage, givenOptions } from './given-options'
import { checkedLoad } from './machine'
import { adapterFolder, modelFolder, rowsFile } from './materials'
import type { MemoryAccount } from './memory-account'
import { partName, type StepShare, shares } from './profile-parts'
import { profileTables } from './profile-tables'
import { raggedRows } from './ragged-rows'
import { writeResult } from './result-files'
import { shapeNames, shapes } from './shapes'
import { inMarkdown } from './tables'
import { readTrace, shortestOf, type TracedRun } from './trace'

const usage = `npx tsx bench/profile.ts [options]
  --shape NAME                of ${shapeNames.join(', ')} (gpt2)
  --contender NAME            of ${ourNames.join(', ')} (camelot)
  --batch-size N (4)   --shortest N (16)   --longest N (512)   rows of the one batch
  --steps N                   times that batch is taken; of each node the shortest counts (4)
${folderUsage}`

const RANK = 16
const SEED = 1

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(usage)
  const given = givenOptions(process.argv.slice(2), {
    shape: 'gpt2',
    contender: 'camelot',
    'batch-size': '4',
    shortest: '16',
    longest: '512',
    steps: '4',
    ...folderDefaults,
  })
  const shape = given.oneOf('shape', shapeNames)
  const contender = given.oneOf('contender', ourNames)
  const [steps, batchSize, longest] = [given.whole('steps', 1), given.whole('batch-size', 1), given.whole('longest', 3)]
  const cache = resolve(given.text('cache')!)
  const batch = raggedRows('text', batchSize, given.whole('shortest', 3), longest, SEED + 2)
  const training = {
    model: modelFolder(cache, shape, shapes[shape], SEED),
    adapter: adapterFolder(cache, shape, shapes[shape], RANK, SEED),
    rows: rowsFile(cache, Array.from({ length: steps }, () => batch).flat()),
    ...{ longest, steps, batchSize, learningRate: 1e-3, options: optionsOf(contender) },
  }
  buildCamelot()
  const loadBefore = await checkedLoad()
  const { run, peakMemory } = await withHome(cache, async (home) => {
    const traces = join(home, 'traces')
    mkdirSync(traces)
    const { peakMemory } = await measureCamelot(training, home, { CAMELOT_TRACE: traces })
    return { run: trainingRun(traces), peakMemory }
  })
  const result = {
    kind: 'profile' as const,
    title: `${titleOf(contender)}, LoRA r${RANK} on a ${shapes[shape].title}`,
    contender,
    loadBefore,
    tokens: batch.map(({ tokens }) => tokens),
    stepMilliseconds: run.milliseconds,
    parts: shares(run, (node) => partName(node, RANK)),
    ops: mostOf(
      shares(run, ({ op }) => op),
      12,
    ),
    memory: memoryRows(run, peakMemory),
  }
  for (const table of profileTables(result)) console.log(`\n${inMarkdown(table)}`)
  writeResult(given.text('output')!, `profile-${shape}-${contender}`, result)
}

/** The steps of the run, out of the traces of all its sessions. */
function trainingRun(traces: string): TracedRun {
  const file = readdirSync(traces).find((name) => name.startsWith('training-'))
  if (!file) throw new Error('The run left no trace of its training session.')
  return shortestOf(readTrace(join(traces, file)))
}

/** The first `count`, and the others together. */
function mostOf(all: readonly StepShare[], count: number): StepShare[] {
  const sum = (of: (share: StepShare) => number) => all.slice(count).reduce((total, share) => total + of(share), 0)
  const others = {
    name: 'others',
    nodes: sum(({ nodes }) => nodes),
    milliseconds: sum(({ milliseconds }) => milliseconds),
    share: sum(({ share }) => share),
    gigaOperations: sum(({ gigaOperations }) => gigaOperations),
  }
  return all.length > count ? [...all.slice(0, count), others] : [...all]
}

/** What the system says of the process tree at its peak, and what ONNX Runtime's arena says of itself. */
function memoryRows({ nodes }: TracedRun, peak: MemoryAccount | null) {
  const most = (of: (node: TracedRun['nodes'][number]) => number) => Math.max(...nodes.map(of))
  const atPeak = nodes.reduce((largest, node) => (node.bytesInUse > largest.bytesInUse ? node : largest))
  return [
    ...(peak
      ? [
          { what: 'weights, mapped from their files', bytes: peak.files },
          { what: 'programs and libraries', bytes: peak.programs },
          { what: 'without a file: the arena, what is trained, JavaScript', bytes: peak.anonymous },
        ]
      : []),
    { what: 'of that, taken by the arena', bytes: most(({ arenaBytes }) => arenaBytes) },
    { what: `and in use there at most, at ${atPeak.name}`, bytes: most(({ peakBytesInUse }) => peakBytesInUse) },
  ]
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
