/** The training benchmark's options, from the command line. */
import { type ContenderName, contenderNames } from './contenders'
import { folderDefaults, folderUsage, givenOptions } from './given-options'
import type { RowKind } from './ragged-rows'
import { type ShapeName, shapeNames, shapes } from './shapes'

export type Options = {
  shape: ShapeName
  rows: RowKind
  contenders: ContenderName[]
  steps: number
  repeats: number
  batchSize: number
  shortest: number
  longest: number
  rank: number
  learningRate: number
  seed: number
  python: string | undefined
  cache: string
  output: string
}

export const usage = `npx tsx bench/train.ts [options]
  --shape NAME                model: ${shapeNames.join(', ')} (gpt2)
  --rows text|completion      every token is learned, or only the second half of each row (text)
  --contenders A,B,…          of ${contenderNames.join(',\n                              ')}
                              (camelot, camelot-int8, camelot-qlora, peer-fp32, and peer-bf16 where the processor has
                              bf16 instructions; llama-1b: camelot and camelot-qlora)
  --steps N                   optimizer steps of a run; the first is not timed (6; llama-1b: 3)
  --repeats N                 runs of each contender, taken in turn (3; llama-1b: 1)
  --batch-size N (4; llama-1b: 1)   --shortest N (16; llama-1b: 512)   --longest N (512)
  --rank N (16)   --learning-rate X (1e-3)   --seed N (1)
  --python PATH               interpreter that has the peer's packages; otherwise an environment is made in the cache
${folderUsage}`

const defaults = {
  shape: 'gpt2',
  rows: 'text',
  contenders: undefined,
  steps: '6',
  repeats: '3',
  'batch-size': '4',
  shortest: '16',
  longest: '512',
  rank: '16',
  'learning-rate': '1e-3',
  seed: '1',
  python: undefined,
  ...folderDefaults,
}

/** The largest model is there for its memory: one row of full length, few steps, and no peer. */
const largeDefaults = {
  ...defaults,
  contenders: 'camelot-qlora,camelot',
  steps: '3',
  repeats: '1',
  'batch-size': '1',
  shortest: '512',
}

const usualContenders = (processorHasBf16: boolean) =>
  `camelot,camelot-int8,camelot-qlora,peer-fp32${processorHasBf16 ? ',peer-bf16' : ''}`

/** Parses the arguments; throws with one sentence for what is not understood. */
export function parseOptions(args: string[], processorHasBf16: boolean): Options {
  const shape = givenOptions(args, defaults).oneOf('shape', shapeNames)
  const usual = { ...defaults, contenders: usualContenders(processorHasBf16) }
  const given = givenOptions(args, shape === 'llama-1b' ? largeDefaults : usual)
  const options: Options = {
    shape,
    rows: given.oneOf('rows', ['text', 'completion']),
    contenders: given.listOf('contenders', contenderNames),
    steps: given.whole('steps', 2),
    repeats: given.whole('repeats', 1),
    batchSize: given.whole('batch-size', 1),
    shortest: given.whole('shortest', 3),
    longest: given.whole('longest', 3),
    rank: given.whole('rank', 1),
    learningRate: given.positive('learning-rate'),
    seed: given.whole('seed', 0),
    python: given.text('python'),
    cache: given.text('cache')!,
    output: given.text('output')!,
  }
  const { positions } = shapes[shape]
  if (options.longest > positions || options.shortest > options.longest)
    throw new Error(
      `rows of ${options.shortest} to ${options.longest} tokens do not fit the model's ${positions} positions`,
    )
  return options
}
