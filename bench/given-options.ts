/** Options of a benchmark's command: `--name value`, each with a default, read with one sentence for what is wrong. */
import { parseArgs } from 'node:util'
import { inRepository } from './repository'

export type GivenOptions = {
  text(name: string): string | undefined
  whole(name: string, least: number): number
  wholes(name: string, least: number): number[]
  positive(name: string): number
  oneOf<T extends string>(name: string, allowed: readonly T[]): T
  listOf<T extends string>(name: string, allowed: readonly T[]): T[]
}

/** Where every benchmark keeps what it made, and what it found, unless told otherwise. */
export const folderDefaults = { cache: inRepository('.cache', 'bench'), output: inRepository('bench', 'results') }
export const folderUsage = `  --cache DIR                 models, rows and the peer's environment (.cache/bench)
  --output DIR                figures as JSON, and pictures (bench/results)`

/** `defaults` names every option that there is; one without a default is undefined. */
export function givenOptions(args: string[], defaults: Record<string, string | undefined>): GivenOptions {
  const text = { type: 'string' } as const
  const { values: given } = parseArgs({
    args,
    options: Object.fromEntries(Object.keys(defaults).map((name) => [name, text])),
  })
  const isWhole = (least: number) => (found: number) => Number.isInteger(found) && found >= least
  const value = (name: string) => (given[name] as string | undefined) ?? defaults[name]
  return {
    text: value,
    whole: (name, least) => number(name, value(name), isWhole(least)),
    wholes: (name, least) => (value(name) ?? '').split(',').map((entry) => number(name, entry, isWhole(least))),
    positive: (name) => number(name, value(name), (found) => found > 0),
    oneOf: (name, allowed) => oneOf(name, value(name), allowed),
    listOf: (name, allowed) => (value(name) ?? '').split(',').map((entry) => oneOf(name, entry, allowed)),
  }
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
