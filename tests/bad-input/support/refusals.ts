/**
 * What every refusal has in common: the exit status, one clear sentence on standard error and nothing else, and a disk
 * that looks as it did before, data folder included.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Bench, Outcome, RunOptions } from '../../cli/support/camelot'

/** The words of the command that is refused, and the sentence it is refused with (without `camelot: `). */
export type Refused = { words: readonly string[]; status: 1 | 2; sentence: string | RegExp; options?: RunOptions }

/** Runs the command and checks all of that. */
export async function expectRefusal(bench: Bench, { words, status, sentence, options }: Refused) {
  const before = filesIn(bench.folder)
  const outcome = await bench.run(words, options)
  expectOneSentence(outcome, sentence)
  expect(outcome.status).toBe(status)
  expect(outcome.output.split('\n').filter((line) => line !== '' && !isEvent(line))).toEqual([])
  expect(filesIn(bench.folder)).toEqual(before)
}

function expectOneSentence({ notes }: Outcome, sentence: string | RegExp) {
  expect(notes).toMatch(/^camelot: [^\n]+[.?]\n$/)
  expect(notes.length).toBeLessThan(500)
  const said = notes.slice('camelot: '.length, -1)
  if (typeof sentence === 'string') expect(said).toBe(sentence)
  else expect(said).toMatch(sentence)
}

/** The events of a run that failed, under `--json`, are its log; they are not a result. */
const isEvent = (line: string) => line.startsWith('{') && ['start', 'error', 'warning'].includes(JSON.parse(line).type)

/**
 * Every file under the folder but for those that may come and go: the database with its journal, locks, the log of a
 * run (which tells that it failed), and whole files that can be made again. Unfinished ones are never among these.
 */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !comesAndGoes(file) || looksUnfinished(file))
    .sort()
}

const comesAndGoes = (file: string) =>
  /^home\/(catalogue\.sqlite(-wal|-shm)?|locks\/.*|cache\/.*|runs\/[^/]+\/events\.jsonl)$/.test(
    file.replaceAll('\\', '/'),
  )
const looksUnfinished = (file: string) => /\.tmp([/\\]|$)/.test(file)
