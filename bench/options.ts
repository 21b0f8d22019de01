/** The benchmark's options, from the command line. */
import { parseArgs } from 'node:util'
import { type ShapeName, shapes } from './gpt2-model'
import type { RowKind } from './ragged-rows'
import { inRepository } from './repository'

export const contenderNames = ['camelot', 'peer-fp32', 'peer-bf16', 'peer-bf16-autocast'] as const
export type ContenderName = (typeof contenderNames)[number]

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
  --shape gpt2|tiny           model (gpt2: 12 layers of width 768, 124 million parameters)
  --rows text|completion      every token is learned, or only the second half of each row (text)
  --contenders A,B,…          of ${contenderNames.join(', ')}
                              (camelot, peer-fp32, and peer-bf16 where the processor has bf16 instructions)
  --steps N                   optimizer steps of a run; the first is not timed (6)
  --repeats N                 runs of each contender, taken in turn (3)
  --batch-size N (4)   --shortest N (16)   --longest N (512)   --rank N (16)   --learning-rate X (1e-3)   --seed N (1)
  --python PATH               interpreter that has the peer's packages; otherwise an environment is made in the cache
  --cache DIR                 models, rows and that environment (.cache/bench)
  --output DIR                table as JSON, and picture (bench/results)`

const defaults = {
  shape: 'gpt2',
  rows: 'text',
  steps: '6',
  repeats: '3',
  'batch-size': '4',
  shortest: '16',
  longest: '512',
  rank: '16',
  'learning-rate': '1e-3',
  seed: '1',
  cache: inRepository('.cache', 'bench'),
  output: inRepository('bench', 'results'),
}

/** Parses the arguments; throws with one sentence for what is not understood. */
export function parseOptions(args: string[], processorHasBf16: boolean): Options {
  const text = { type: 'string' } as const
  const names = [...Object.keys(defaults), 'contenders', 'python']
  const { values: given } = parseArgs({ args, options: Object.fromEntries(names.map((name) => [name, text])) })
  const values: Record<string, string | undefined> = { ...defaults, ...given }
  const whole = (name: string, least: number) =>
    number(name, values[name], (value) => Number.isInteger(value) && value >= least)
  const usual = processorHasBf16 ? 'camelot,peer-fp32,peer-bf16' : 'camelot,peer-fp32'
  const options: Options = {
    shape: oneOf('shape', values.shape, Object.keys(shapes) as ShapeName[]),
    rows: oneOf('rows', values.rows, ['text', 'completion']),
    contenders: (values.contenders ?? usual).split(',').map((name) => oneOf('contenders', name, contenderNames)),
    steps: whole('steps', 2),
    repeats: whole('repeats', 1),
    batchSize: whole('batch-size', 1),
    shortest: whole('shortest', 3),
    longest: whole('longest', 3),
    rank: whole('rank', 1),
    learningRate: number('learning-rate', values['learning-rate'], (value) => value > 0),
    seed: whole('seed', 0),
    python: values.python,
    cache: values.cache!,
    output: values.output!,
  }
  if (options.longest > shapes[options.shape].positions || options.shortest > options.longest)
    throw new Error(
      `rows of ${options.shortest} to ${options.longest} tokens do not fit the model's ${shapes[options.shape].positions} positions`,
    )
  return options
}

function oneOf<T extends string>(name: string, value: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw new Error(`--${name}: ${value} is none of ${allowed.join(', ')}`)
  return found
}

function number(name: string, text: string | undefined, allowed: (value: number) => boolean): number {
  const value = Number(text)
  if (text === undefined || !Number.isFinite(value) || !allowed(value))
    throw new Error(`--${name}: ${text} is not a number it can take`)
  return value
}
