/** The text of `camelot --help` and `camelot COMMAND --help`. */
import type { Command } from './command'
import { flagOf, isSwitch, type OptionRow } from './options'
import { placeholderFor, wordsFor } from './schema-words'

const width = 100

/** Options that every command takes. */
const everywhere: readonly [string, string][] = [
  ['--home DIR', 'The data folder (or CAMELOT_HOME).'],
  ['--json', 'One JSON object per line on standard output.'],
  ['--help', 'Show this text.'],
]

export function generalHelp(commands: readonly Command[]): string[] {
  const listed = commands.map(({ name, summary }) => [name, summary] as [string, string])
  return [
    'camelot — fine-tune language models on your own machine.',
    '',
    'Usage: camelot COMMAND [options]',
    '',
    ...entries(listed),
    '',
    'A model is a name or id from the catalogue, a folder in Hugging Face layout, a run (its best',
    'checkpoint) or run@step. A data set is a name or id from the catalogue, or a file.',
    '',
    ...entries([...everywhere, ['--version', 'Show the version.']]),
    '',
    'Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted (the work so far is kept).',
  ]
}

export function commandHelp({ name, summary, details, options }: Command): string[] {
  const rows = Object.entries(options)
  const places = rows.filter(([, row]) => row.positional)
  const flags = rows.filter(([, row]) => !row.positional && !row.hidden)
  const usage = [
    'camelot',
    name,
    ...places.map(([place]) => place.toUpperCase()),
    ...(flags.length > 0 ? ['[options]'] : []),
  ]
  return [
    `Usage: ${usage.join(' ')}`,
    '',
    summary,
    ...(details ?? []),
    ...section(
      '',
      places.map(([place, row]) => [place.toUpperCase(), row.help]),
    ),
    ...section(
      'Options:',
      flags.map(([flag, row]) => [written(flag, row), meaning(row)]),
    ),
    ...section('Everywhere:', everywhere),
  ]
}

const section = (title: string, listed: readonly (readonly [string, string])[]) =>
  listed.length > 0 ? ['', ...(title ? [title] : []), ...entries(listed)] : []

/** `--learning-rate X`, `--[no-]shuffle`, `--overwrite`. */
function written(name: string, row: OptionRow): string {
  if (isSwitch(row))
    return row.otherwise === undefined || row.otherwise === 'false' ? flagOf(name) : `--[no-]${flagOf(name).slice(2)}`
  return `${flagOf(name)} ${row.placeholder ?? placeholderFor(row.schema)}`
}

function meaning(row: OptionRow): string {
  const shown = isSwitch(row) ? null : row.otherwise
  const choices = placeholderFor(row.schema) === 'NAME' ? ` One of ${wordsFor(row.schema)}.` : ''
  return `${row.help}${choices}${shown ? ` (${shown})` : ''}${row.repeatable ? ' May be given several times.' : ''}`
}

/** Two columns; what does not fit beside its name starts on the next line. */
function entries(listed: readonly (readonly [string, string])[]): string[] {
  const column = Math.min(34, Math.max(...listed.map(([name]) => name.length)))
  return listed.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrapped(text, width - column - 4)
    const margin = ' '.repeat(column + 4)
    const beside = name.length <= column
    const head = beside ? [`  ${name.padEnd(column)}  ${first}`] : [`  ${name}`, `${margin}${first}`]
    return [...head, ...rest.map((line) => `${margin}${line}`)]
  })
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line && line.length + 1 + word.length > columns) lines.push(word)
    else lines[lines.length - 1] = line ? `${line} ${word}` : word
  }
  return lines
}
