/** Which command the words ask for, before its own options are read. */
import { z } from 'zod'
import type { Command } from './command'
import { UsageError } from './exit-status'
import { nearest } from './nearest'
import type { OptionTable } from './options'

export type Request =
  | { kind: 'run'; command: Command; words: readonly string[] }
  | { kind: 'help'; command: Command | null }
  | { kind: 'version' }

/** Options that every command takes, before or after its name. */
export const everywhereOptions = {
  home: {
    schema: z.string().min(1).optional(),
    placeholder: 'DIR',
    help: 'The data folder (or CAMELOT_HOME).',
    hidden: true,
  },
  json: {
    schema: z.boolean().default(false),
    otherwise: 'false',
    help: 'One JSON object per line on standard output.',
    hidden: true,
  },
} satisfies OptionTable

/** @throws UsageError where no command, or none that exists, is named */
export function findCommand(commands: readonly Command[], words: readonly string[]): Request {
  const at = commandPlace(words)
  const name = words[at]
  const command = commands.find((candidate) => candidate.name === name)
  if (asksForHelp(words, at)) return { kind: 'help', command: command ?? null }
  if (words.slice(0, at + 1).includes('--version')) return { kind: 'version' }
  if (name === 'help')
    return { kind: 'help', command: commands.find((candidate) => candidate.name === words[at + 1]) ?? null }
  if (command) return { kind: 'run', command, words: words.filter((_, index) => index !== at) }
  if (name === undefined) throw new UsageError('camelot needs a command; camelot --help lists them.')
  const guess = nearest(
    name,
    commands.map((candidate) => candidate.name),
  )
  throw new UsageError(
    `There is no command ${name}; ${guess ? `did you mean camelot ${guess}?` : 'camelot --help lists them.'}`,
  )
}

/** The first word that is neither a flag nor the value of `--home`. */
function commandPlace(words: readonly string[]): number {
  for (let at = 0; at < words.length; at++) {
    if (words[at] === '--home') at++
    else if (!words[at]!.startsWith('-')) return at
  }
  return words.length
}

/** A value never starts with two dashes, so `--help` asks for help wherever it stands; `-h` only as a word of its own place. */
function asksForHelp(words: readonly string[], commandAt: number): boolean {
  const end = words.indexOf('--')
  const flags = end < 0 ? words : words.slice(0, end)
  return flags.includes('--help') || words[0] === '-h' || words[commandAt + 1] === '-h'
}
