/**
 * How long a person waits between asking for a run and its first step: the first time, and with what the first time
 * left in the cache. See bench/README.md.
 */
import { buildCamelot, measureCamelot, withHome } from './camelot-training'
import { optionsOf, ourNames, titleOf } from './contenders'
import { folderDefaults, folderUsage, givenOptions } from './given-options'
import { checkedLoad } from './machine'
import { prepareMaterials } from './materials'
import { writeResult } from './result-files'
import { shapeNames, shapes } from './shapes'
import { median } from './summary'
import { inColumns } from './tables'

const usage = `npx tsx bench/start.ts [options]
  --shape NAME                of ${shapeNames.join(', ')} (gpt2)
  --contender NAME            of ${ourNames.join(', ')} (camelot)
  --repeats N                 runs after the first (3)
${folderUsage}`

type Wait = { toFirstStepBegins: number; toFirstStepDone: number }

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(usage)
  const defaults = { shape: 'gpt2', contender: 'camelot', repeats: '3', ...folderDefaults }
  const given = givenOptions(process.argv.slice(2), defaults)
  const shape = given.oneOf('shape', shapeNames)
  const contender = given.oneOf('contender', ourNames)
  const job = { steps: 1, batchSize: 4, shortest: 16, longest: 512, learningRate: 1e-3 }
  const materials = prepareMaterials({ ...job, shape, rows: 'text', rank: 16, seed: 1, cache: given.text('cache')! })
  buildCamelot()
  const loadBefore = await checkedLoad()
  const training = { ...job, ...materials, options: optionsOf(contender) }
  const runs = await withHome(materials.cache, async (home) => {
    const waits: Wait[] = []
    for (let run = 0; run <= given.whole('repeats', 1); run++) {
      const { startSeconds, steps } = await measureCamelot(training, home)
      waits.push({ toFirstStepBegins: startSeconds!, toFirstStepDone: steps[0]!.seconds })
    }
    return waits
  })
  report(runs)
  const title = `${titleOf(contender)}, LoRA r16 on a ${shapes[shape].title}, batch 4`
  writeResult(given.text('output')!, `start-${shape}-${contender}`, { kind: 'start', title, loadBefore, runs })
}

function report([first, ...later]: Wait[]): void {
  const row = (name: string, { toFirstStepBegins, toFirstStepDone }: Wait) => [
    name,
    `${toFirstStepBegins.toFixed(2)} s`,
    `${toFirstStepDone.toFixed(2)} s`,
  ]
  console.log(
    inColumns([
      ['', 'to the first step', 'to its loss'],
      row('first time', first!),
      ...later.map((wait, i) => row(`time ${i + 2}`, wait)),
      row('median of the later ones', {
        toFirstStepBegins: median(later.map(({ toFirstStepBegins }) => toFirstStepBegins)),
        toFirstStepDone: median(later.map(({ toFirstStepDone }) => toFirstStepDone)),
      }),
    ]),
  )
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
