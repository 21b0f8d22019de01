/**
 * Reads a command's words into its options. Takes `--name value`, `--name=value`, `--snake_case`, `--no-switch`,
 * `--switch True`, and `--` before words that only look like flags. The last of two spellings of one option wins.
 */
import { UsageError } from './exit-status'
import { nearest } from './nearest'
import { flagOf, type Given, isSwitch, isTruthWord, type OptionRow, type OptionTable, readValue } from './options'

type Word = { flag: string; inline: string | undefined } | { plain: string }

/**
 * @param title the command as a person writes it, for messages: `camelot train`
 * @throws UsageError for unknown flags, missing or refused values, and words too many
 */
export function parseArguments<T extends OptionTable>(title: string, table: T, words: readonly string[]): Given<T> {
  const given = new Map<string, unknown>()
  const places = Object.keys(table).filter((name) => table[name]!.positional)
  let onlyPlain = false
  for (let at = 0; at < words.length; at++) {
    const text = words[at]!
    if (text === '--' && !onlyPlain) {
      onlyPlain = true
      continue
    }
    const word = onlyPlain ? { plain: text } : classify(text)
    if ('plain' in word) {
      takePlace(title, table, places, given, word.plain)
      continue
    }
    const { name, negated } = find(title, table, word.flag)
    const row = table[name]!
    if (isSwitch(row)) {
      const own = word.inline ?? (!negated && isTruthWord(words[at + 1]) ? words[++at] : undefined)
      given.set(name, readSwitch(row, word.flag, negated, own))
      continue
    }
    const value = word.inline ?? words[++at]
    if (value === undefined || (word.inline === undefined && value.startsWith('--')))
      throw new UsageError(`${flagOf(name)} needs a value; see ${title} --help.`)
    give(given, name, row, flagOf(name), value)
  }
  return complete(title, table, given)
}

function classify(text: string): Word {
  if (!text.startsWith('--')) {
    if (/^-[a-z]/i.test(text)) return { flag: text, inline: undefined }
    return { plain: text }
  }
  const equals = text.indexOf('=')
  return equals < 0
    ? { flag: text, inline: undefined }
    : { flag: text.slice(0, equals), inline: text.slice(equals + 1) }
}

/** The option that a flag names, as it stands or with `no-` before a switch. */
function find(title: string, table: OptionTable, flag: string): { name: string; negated: boolean } {
  const name = flag.startsWith('--') ? flag.slice(2).replaceAll('-', '_') : ''
  const named = (candidate: string) => Object.hasOwn(table, candidate) && !table[candidate]!.positional
  if (named(name)) return { name, negated: false }
  const positive = name.replace(/^no_/, '')
  if (positive !== name && named(positive) && isSwitch(table[positive]!)) return { name: positive, negated: true }
  const flags = Object.keys(table).filter((known) => named(known) && !table[known]!.hidden)
  const guess = nearest(flag, flags.map(flagOf))
  throw new UsageError(
    `${title} has no option ${flag}${guess ? `; did you mean ${guess}?` : `; see ${title} --help for what it has.`}`,
  )
}

function readSwitch(row: OptionRow, flag: string, negated: boolean, own: string | undefined): unknown {
  if (negated && own !== undefined) throw new UsageError(`${flag} stands alone; it takes no value.`)
  return readValue(row, flag, negated ? 'false' : (own ?? 'true'))
}

function takePlace(title: string, table: OptionTable, places: string[], given: Map<string, unknown>, text: string) {
  const name = places.find((place) => !given.has(place))
  if (name === undefined) throw new UsageError(`${title} does not know what to do with “${text}”; see ${title} --help.`)
  give(given, name, table[name]!, placeholderOf(name), text)
}

function give(given: Map<string, unknown>, name: string, row: OptionRow, label: string, text: string) {
  if (!row.repeatable) {
    given.set(name, readValue(row, label, text))
    return
  }
  const before = (given.get(name) as unknown[] | undefined) ?? []
  const list = row.schema.safeParse([...before, text])
  if (!list.success) throw new UsageError(`${label} must not be empty.`)
  given.set(name, list.data)
}

/** Fills the defaults and asks for what is missing. */
function complete<T extends OptionTable>(title: string, table: T, given: Map<string, unknown>): Given<T> {
  const entries = Object.entries(table).map(([name, row]) => {
    const value = row.schema.safeParse(given.get(name))
    if (value.success) return [name, value.data]
    const label = row.positional ? placeholderOf(name) : `${flagOf(name)} ${row.placeholder ?? ''}`.trim()
    throw new UsageError(`${title} needs ${label}; see ${title} --help.`)
  })
  return Object.fromEntries(entries) as Given<T>
}

const placeholderOf = (name: string) => name.toUpperCase().replaceAll('_', ' ')
