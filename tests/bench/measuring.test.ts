/** How the benchmark measures: what a step's time and tokens are, and the memory of a tree of processes. */
import { expect, it } from 'vitest'
import { measure } from '../../bench/measured-run'
import { accountOf, totalOf } from '../../bench/memory-account'
import { figuresOf, largestDifference, median, tokensPerSecond } from '../../bench/summary'

const run = (seconds: number[], losses: number[]) => ({
  steps: seconds.map((at, index) => ({ step: index + 1, loss: losses[index]!, seconds: at })),
  start: null,
  startSeconds: null,
  seconds: 0,
  peakMemory: { files: 4e8, programs: 1e8, anonymous: 5e8 },
})

it('counts the tokens of the second to the last step over the time between the first end and the last', () => {
  // Batches of two rows: 30, 70 and 110 tokens; the first is not timed.
  const tokens = [10, 20, 30, 40, 50, 60]
  expect(tokensPerSecond(run([5, 6, 9], [3, 2, 1]), tokens, 2)).toBe((70 + 110) / 4)
})

it('counts a last batch that is not full', () => {
  expect(tokensPerSecond(run([1, 2, 3], [3, 2, 1]), [10, 20, 30, 40, 50], 2)).toBe((70 + 50) / 2)
})

it('takes medians, and tells how far runs of one contender differ', () => {
  const runs = [run([1, 2], [3, 2]), run([1, 3], [3, 2.5]), run([1, 5], [3, 2])]
  const figures = figuresOf('camelot', 'Camelot', runs, [10, 20], 1)
  expect(figures.tokensPerSecond).toBe(10)
  expect(figures.lossSpread).toBe(0.5)
  expect(figures.peakMemoryBytes).toBe(1e9)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

it('never calls curves of different lengths equal', () => {
  expect(largestDifference([1, 2], [1])).toBe(Number.POSITIVE_INFINITY)
})

const holdMemory = (megabytes: number) =>
  `const held = Buffer.alloc(${megabytes} << 20, 1); setTimeout(() => console.log(held.length), 1500)`

it.runIf(process.platform === 'linux')('measures the memory of a whole tree of processes', async () => {
  const alone = await measure(process.execPath, ['-e', holdMemory(1)])
  const child = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(holdMemory(300))}])`
  const both = await measure(process.execPath, ['-e', child])
  const grown = (totalOf(both.peakMemory!) - totalOf(alone.peakMemory!)) / 2 ** 20
  expect(grown).toBeGreaterThan(290)
  expect(grown).toBeLessThan(400) // the child's own runtime comes on top
})

it('reads the steps that a contender prints and passes over what else it says', async () => {
  const script = `console.log('hello'); console.log(JSON.stringify({type:'start',tokens:[1]}));
    for (const step of [1, 2]) console.log(JSON.stringify({type:'log',step,loss:3-step,time:''})); console.log('{"type":"done"}')`
  const measured = await measure(process.execPath, ['-e', script])
  expect(measured.steps.map(({ step, loss }) => [step, loss])).toEqual([
    [1, 2],
    [2, 1],
  ])
  expect(measured.start).toMatchObject({ tokens: [1] })
})

it('rejects with what a failed contender said', async () => {
  await expect(measure(process.execPath, ['-e', 'console.error("no such model"); process.exit(1)'])).rejects.toThrow(
    /ended with 1:\nno such model/,
  )
})

it('tells mapped weights, programs and other memory apart', () => {
  const smaps = [
    '7f0000000000-7f0000100000 r--p 00000000 00:2f 123                        /home/me/cache/weights-0.safetensors',
    'Rss:                 900 kB',
    'Pss:                 800 kB',
    '7f0000200000-7f0000300000 r-xp 00000000 00:2f 124                        /opt/libonnxruntime.so.1',
    'Pss:                  70 kB',
    'Pss_Dirty:             5 kB',
    '7f0000400000-7f0000500000 rw-p 00000000 00:00 0 ',
    'Pss:                   6 kB',
    '7ffe00000000-7ffe00100000 rw-p 00000000 00:00 0                          [stack]',
    'Pss:                   1 kB',
  ].join('\n')
  expect(accountOf(smaps)).toEqual({ files: 800 * 1024, programs: 70 * 1024, anonymous: 7 * 1024 })
})
