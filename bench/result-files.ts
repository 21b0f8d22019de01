/** What the benchmarks leave under bench/results: a JSON file of a known kind each, and pictures beside it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Agreement, Ratio } from './comparison'
import { machine } from './machine'
import { StepShare } from './profile-parts'
import { PointSeries } from './scaling-figures'
import { Figures } from './summary'

const Machine = z.looseObject({ processor: z.string(), cores: z.number() })
const common = { date: z.string(), machine: Machine, title: z.string(), loadBefore: z.number() }

export const TrainingResult = z.object({
  ...common,
  kind: z.literal('training'),
  settings: z.looseObject({ rows: z.string(), batchSize: z.number(), shortest: z.number(), longest: z.number() }),
  rows: z.object({ count: z.number(), tokens: z.array(z.number()) }),
  peer: z.object({ versions: z.record(z.string(), z.string()), threads: z.number() }).nullable(),
  figures: z.array(Figures),
  ratios: z.array(Ratio),
  agreements: z.array(Agreement),
  failed: z.array(z.string()),
})
export const StartResult = z.object({
  ...common,
  kind: z.literal('start'),
  /** Seconds from the start of the process, of a first run and of each further one. */
  runs: z.array(z.object({ toFirstStepBegins: z.number(), toFirstStepDone: z.number() })),
})
export const ScalingResult = z.object({
  ...common,
  kind: z.literal('scaling'),
  contender: z.string(),
  series: z.array(PointSeries),
})
export const ProfileResult = z.object({
  ...common,
  kind: z.literal('profile'),
  contender: z.string(),
  tokens: z.array(z.number()),
  stepMilliseconds: z.number(),
  parts: z.array(StepShare),
  ops: z.array(StepShare),
  memory: z.array(z.object({ what: z.string(), bytes: z.number() })),
})
export const Result = z.discriminatedUnion('kind', [TrainingResult, StartResult, ScalingResult, ProfileResult])
export type Result = z.infer<typeof Result>

/** Writes a result under its name, and pictures beside it as `name` + suffix + `.svg`. */
export function writeResult(
  output: string,
  name: string,
  result: WithoutCommon<Result>,
  pictures: Readonly<Record<string, string>> = {},
): void {
  mkdirSync(output, { recursive: true })
  const whole = { date: new Date().toISOString(), machine: machine(), ...result }
  writeFileSync(join(output, `${name}.json`), `${JSON.stringify(whole, null, 2)}\n`)
  for (const [suffix, picture] of Object.entries(pictures)) writeFileSync(join(output, `${name}${suffix}.svg`), picture)
  console.log(`Written: ${join(output, name)}.json${Object.keys(pictures).length > 0 ? ' and .svg' : ''}`)
}
type WithoutCommon<T> = T extends unknown ? Omit<T, 'date' | 'machine'> : never

/** Every result of a folder by its name. @throws Error naming a file that is none. */
export function readResults(folder: string): Map<string, Result> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return new Map(names.sort().map((name) => [name.slice(0, -'.json'.length), readResult(join(folder, name))]))
}

function readResult(file: string): Result {
  const parsed = Result.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new Error(`${file} is no result of these benchmarks: ${issue.path.join('.')}: ${issue.message}`)
}
