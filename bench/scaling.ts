/**
 * What a token costs as rows grow longer and as the model grows deeper: Camelot alone, a few steps each, with the same
 * number of tokens in every batch. See bench/README.md.
 */
import { resolve } from 'node:path'
import { buildCamelot, measureCamelot, withHome } from './camelot-training'
import { optionsOf, ourNames, titleOf } from './contenders'
import { folderDefaults, folderUsage, givenOptions } from './given-options'
import { checkedLoad, machine } from './machine'
import { writeResult } from './result-files'
import { RunStore } from './run-store'
import { type PointSeries, pointOf, seriesOf } from './scaling-figures'
import { type ScalingJob, scalingJobs } from './scaling-jobs'
import { scalingPicture } from './scaling-picture'
import { anyDepthNames } from './shapes'
import { inColumns } from './tables'

const usage = `npx tsx bench/scaling.ts [options]
  --shape NAME                of ${anyDepthNames.join(', ')} (gpt2)
  --contender NAME            of ${ourNames.join(', ')} (camelot)
  --lengths N,N,…             tokens of every row, 12 layers (64,128,256,512,1024)
  --layers N,N,…              depths of the model, four rows a batch (1,2,4,8,12,16,24)
  --tokens N                  tokens of a batch (1024)
  --steps N                   steps of a run; the first is not timed (4)
  --repeats N                 runs of each point, taken in turn (2)
${folderUsage}`

const titles = { lengths: 'Milliseconds a token, by tokens a row', layers: 'Milliseconds a token, by layers' }

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(usage)
  const given = givenOptions(process.argv.slice(2), {
    shape: 'gpt2',
    contender: 'camelot',
    lengths: '64,128,256,512,1024',
    layers: '1,2,4,8,12,16,24',
    tokens: '1024',
    steps: '4',
    repeats: '2',
    ...folderDefaults,
  })
  const shape = given.oneOf('shape', anyDepthNames)
  const contender = given.oneOf('contender', ourNames)
  const cache = resolve(given.text('cache')!)
  const [tokens, steps, repeats] = [given.whole('tokens', 12), given.whole('steps', 2), given.whole('repeats', 1)]
  const plan = { shape, tokens, steps, options: optionsOf(contender), cache }
  const jobs = scalingJobs({ ...plan, lengths: given.wholes('lengths', 3), layers: given.wholes('layers', 1) })
  buildCamelot()
  const loadBefore = await checkedLoad()
  const store = RunStore.open(cache, { benchmark: 'scaling', shape, contender, tokens, steps })
  await inTurn(jobs, repeats, cache, store)
  const series = (['lengths', 'layers'] as const).map((name) =>
    seriesOf(name, titles[name], pointsOf(jobs, name, repeats, store)),
  )
  const title = `${titleOf(contender)}, LoRA r16 on a ${shape === 'gpt2' ? 'GPT-2 of width 768' : 'tiny GPT-2'}`
  report(given.text('output')!, `scaling-${shape}-${contender}`, { title, contender, loadBefore, series }, tokens)
  store.forget()
}

const keyOf = ({ series, x }: ScalingJob) => `${series} ${x}`

/** Every point once, then every point again: what else the machine does falls on each alike. */
async function inTurn(jobs: readonly ScalingJob[], repeats: number, cache: string, store: RunStore): Promise<void> {
  for (let repeat = 1; repeat <= repeats; repeat++)
    for (const job of jobs) {
      if (store.runsOf(keyOf(job)).length >= repeat) continue
      process.stderr.write(`run ${repeat} of ${repeats}: ${keyOf(job)} … `)
      const run = await withHome(cache, (home) => measureCamelot(job.training, home))
      process.stderr.write(`${run.seconds.toFixed(0)} s\n`)
      store.add(keyOf(job), run)
    }
}

const pointsOf = (jobs: readonly ScalingJob[], name: PointSeries['name'], repeats: number, store: RunStore) =>
  jobs
    .filter(({ series }) => series === name)
    .map((job) => pointOf(job.x, store.runsOf(keyOf(job)).slice(0, repeats), job.tokensPerStep))

type Found = { title: string; contender: string; loadBefore: number; series: PointSeries[] }

function report(output: string, name: string, found: Found, tokens: number): void {
  for (const { title, points, largestDeparture, spread } of found.series) {
    const costs = points.map(({ x, millisecondsPerToken }) => [String(x), millisecondsPerToken.toFixed(3)])
    console.log(`\n${title}\n${inColumns([['', 'ms a token'], ...costs])}`)
    console.log(
      `Largest distance from a straight line: ${percent(largestDeparture)}; the dearest costs ${percent(spread)} more than the cheapest.`,
    )
  }
  const { processor, cores } = machine()
  const note = `${tokens} tokens a batch; dashed: least-squares line; ${processor}, ${cores} cores, ${new Date().toISOString().slice(0, 10)}`
  const pictures = found.series.map((series) => [`-${series.name}`, scalingPicture(series, note)])
  writeResult(output, name, { kind: 'scaling', ...found }, Object.fromEntries(pictures))
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
