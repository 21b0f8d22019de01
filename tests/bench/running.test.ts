/** What the benchmarks take from the command line, keep between two starts, and leave behind. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withHome } from '../../bench/camelot-training'
import { type MeasuredRun, measure } from '../../bench/measured-run'
import { parseOptions } from '../../bench/options'
import { picture } from '../../bench/picture'
import { readResults, writeResult } from '../../bench/result-files'
import { RunStore } from '../../bench/run-store'
import { seriesOf } from '../../bench/scaling-figures'
import { scalingPicture } from '../../bench/scaling-picture'
import { figuresOf } from '../../bench/summary'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const run = (first: number): MeasuredRun => ({
  steps: [
    { step: 1, loss: 3, seconds: first },
    { step: 2, loss: 2, seconds: first + 2 },
  ],
  start: { type: 'start' },
  startSeconds: 1,
  seconds: 9,
  peakMemory: null,
})

it('takes bf16 for a contender only where the processor has it', () => {
  expect(parseOptions([], true).contenders).toContain('peer-bf16')
  expect(parseOptions([], false).contenders).toEqual(['camelot', 'camelot-int8', 'camelot-qlora', 'peer-fp32'])
})

it('gives the large model few steps of one long row, unless told otherwise', () => {
  const large = parseOptions(['--shape', 'llama-1b', '--steps', '2'], true)
  expect(large).toMatchObject({ steps: 2, batchSize: 1, shortest: 512, longest: 512, repeats: 1 })
  expect(large.contenders).toEqual(['camelot-qlora', 'camelot'])
})

it.each([
  [['--shape', 'gpt3'], /--shape: gpt3 is none of gpt2/],
  [['--contenders', 'camelot,peer'], /--contenders: peer is none of/],
  [['--steps', '1'], /--steps: 1 is not a number it can take/],
  [['--longest', '2000'], /do not fit the model's 1024 positions/],
  [['--sizes', '1'], /Unknown option '--sizes'/],
])('refuses %j', (args, message) => {
  expect(() => parseOptions(args, false)).toThrow(message)
})

it('goes on with the runs of the same settings and the same build', () => {
  const open = (settings: object, build = 'a') => RunStore.open(folder, settings, build)
  open({ steps: 2 }).add('camelot', run(5))
  expect(open({ steps: 2 }).runsOf('camelot')).toEqual([run(5)])
  expect(open({ steps: 2 }).runsOf('peer-fp32')).toEqual([])
  expect(open({ steps: 3 }).runsOf('camelot')).toEqual([])
  expect(open({ steps: 2 }, 'b').runsOf('camelot')).toEqual([])
})

it('forgets runs that are old, and all when the benchmark is whole', () => {
  const store = RunStore.open(folder, {}, 'a')
  store.add('camelot', run(5))
  const file = join(folder, readdirSync(folder)[0]!)
  const aged = JSON.parse(readFileSync(file, 'utf8')).map((entry: object) => ({
    ...entry,
    atMs: Date.now() - 7 * 3.6e6,
  }))
  writeFileSync(file, JSON.stringify(aged))
  expect(RunStore.open(folder, {}, 'a').runsOf('camelot')).toEqual([])
  store.forget()
  expect(readdirSync(folder)).toEqual([])
})

it('reads back the results that it writes, and names a file that is none', () => {
  const figures = [figuresOf('camelot', 'Camelot & co', [run(5), run(6)], [10, 20], 1)]
  const settings = { rows: 'text', batchSize: 1, shortest: 10, longest: 20 }
  const rows = { count: 2, tokens: [10, 20] }
  const none = { peer: null, ratios: [], agreements: [], failed: [], loadBefore: 0 }
  const svg = picture('LoRA', 'note', figures)
  writeResult(folder, 'train', { kind: 'training', title: 'LoRA', settings, rows, figures, ...none }, { '': svg })
  expect(readResults(folder).get('train')).toMatchObject({ kind: 'training', figures: [{ tokensPerSecond: 10 }] })
  expect(readFileSync(join(folder, 'train.svg'), 'utf8')).toContain('Camelot &amp; co')
  writeFileSync(join(folder, 'other.json'), '{}')
  expect(() => readResults(folder)).toThrow(/other\.json is no result of these benchmarks/)
})

it('draws points where their values are', () => {
  const points = [1, 2].map((x) => ({ x, millisecondsPerToken: 10 * x }))
  const svg = scalingPicture(seriesOf('layers', 'By layers', points), 'note')
  const centres = [...svg.matchAll(/<circle[^>]* cx="([\d.]+)" cy="([\d.]+)"/g)].map((match) =>
    match.slice(1).map(Number),
  )
  const zero = { x: 70, y: 290 } // the frame's lower left corner
  expect(centres[1]![0]! - zero.x).toBeCloseTo(2 * (centres[0]![0]! - zero.x), 0)
  expect(zero.y - centres[1]![1]!).toBeCloseTo(2 * (zero.y - centres[0]![1]!), 0)
})

it('removes its data folder, and those of processes that are gone', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  for (const name of [`home-${pid}-gone`, `home-${process.ppid}-alive`, 'model-x']) mkdirSync(join(folder, name))
  const during = await withHome(folder, async () => readdirSync(folder))
  expect(during).toHaveLength(3)
  expect(readdirSync(folder).sort()).toEqual([`home-${process.ppid}-alive`, 'model-x'])
})

it('tells an interrupt from a failure', async () => {
  const contender = measure(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  setTimeout(() => process.emit('SIGINT'), 300)
  await expect(contender).rejects.toThrow(/Interrupted/)
})
