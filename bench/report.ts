/**
 * Everything under bench/results as Markdown, in the order of the files' names; with --into, as the last section of a file.
 *
 *   npx tsx bench/report.ts [--output bench/results] [--into bench/README.md]
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { folderDefaults, givenOptions } from './given-options'
import { profileTables } from './profile-tables'
import { type Result, readResults } from './result-files'
import type { PointSeries } from './scaling-figures'
import { figuresTable, median } from './summary'
import { inMarkdown } from './tables'

const subjects: Record<Result['kind'], string> = {
  training: 'Training',
  start: 'The wait for the first step',
  scaling: 'Growth',
  profile: 'Profile',
}

const given = givenOptions(process.argv.slice(2), { output: folderDefaults.output, into: undefined })
const report = [...readResults(given.text('output')!)].map(([name, result]) => sectionOf(name, result)).join('\n')
const target = given.text('into')
if (target) putInto(target)
else console.log(report)

/** Replaces what stands under the file's last heading, which is that of the results. */
function putInto(file: string): void {
  const heading = '## Results\n\n'
  const text = readFileSync(file, 'utf8')
  const start = text.indexOf(heading)
  if (start < 0) throw new Error(`${file} has no heading "## Results" to put them under.`)
  writeFileSync(file, text.slice(0, start) + heading + report)
}

function sectionOf(name: string, result: Result): string {
  const { title, machine, date, loadBefore } = result
  const circumstances = `${machine.processor}, ${machine.cores} cores, ${date.slice(0, 10)}; other programs kept ${loadBefore} cores busy when it began.`
  return [`### ${subjects[result.kind]}: ${title}`, circumstances, ...bodyOf(name, result)].join('\n\n').concat('\n')
}

function bodyOf(name: string, result: Result): string[] {
  switch (result.kind) {
    case 'training':
      return trainingBody(name, result)
    case 'start':
      return startBody(result.runs)
    case 'scaling':
      return result.series.flatMap((series) => scalingBody(name, series))
    case 'profile':
      return [
        `One batch of rows of ${result.tokens.join(', ')} tokens; a step took ${(result.stepMilliseconds / 1000).toFixed(2)} s under the profiler. Of each node the shortest of several equal steps.`,
        ...profileTables(result).map(inMarkdown),
      ]
  }
}

type Of<K extends Result['kind']> = Extract<Result, { kind: K }>

function trainingBody(name: string, { figures, ratios, agreements, failed, settings, peer }: Of<'training'>): string[] {
  const { shortest, longest, rows, batchSize } = settings
  const versions = Object.entries(peer?.versions ?? {}).map(([what, version]) => `${what} ${version}`)
  const comparisons = ratios.map(({ what, value }) => [what, value.toFixed(2)])
  const losses = agreements.map(({ name: ours, against, kind, largestDifference, bound }) => [
    `${ours} from ${against}`,
    `${largestDifference.toExponential(1)} ${kind}`,
    String(bound),
  ])
  return [
    `Rows of ${shortest} to ${longest} tokens (${rows}), batch ${batchSize}${peer ? `; ${versions.join(', ')}` : ''}.`,
    inMarkdown(figuresTable(figures)),
    ...(failed.length > 0 ? [`Came to no end: ${failed.join(', ')}.`] : []),
    ...(comparisons.length > 0 ? [inMarkdown([['', 'ratio'], ...comparisons])] : []),
    ...(losses.length > 0 ? [inMarkdown([["a step's loss", 'largest difference', 'bound'], ...losses])] : []),
    `![Speed and memory](results/${name}.svg)`,
  ]
}

function startBody([first, ...later]: Of<'start'>['runs']): string[] {
  const seconds = (value: number) => `${value.toFixed(2)} s`
  const row = (what: string, of: (run: NonNullable<typeof first>) => number) => [
    what,
    seconds(of(first!)),
    seconds(median(later.map(of))),
    later.map((run) => of(run).toFixed(2)).join(' '),
  ]
  return [
    inMarkdown([
      ['from the start of the process', 'first time', 'later, median', 'each'],
      row('to the first step', ({ toFirstStepBegins }) => toFirstStepBegins),
      row("to the first step's loss", ({ toFirstStepDone }) => toFirstStepDone),
    ]),
  ]
}

function scalingBody(name: string, { name: series, title, points, largestDeparture, spread }: PointSeries): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  return [
    `${title}: at most ${percent(largestDeparture)} from a straight line; the dearest costs ${percent(spread)} more than the cheapest.`,
    inMarkdown([
      ['', ...points.map(({ x }) => String(x))],
      ['ms a token', ...points.map(({ millisecondsPerToken }) => millisecondsPerToken.toFixed(3))],
    ]),
    `![${title}](results/${name}-${series}.svg)`,
  ]
}
