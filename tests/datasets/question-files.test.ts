/** The sample data set, its held-out phrasings and the sixty rows: well-formed, consistent, and apart from one another. */
import { describe, expect, it } from 'vitest'
import { type Row, rowsOf } from './rows'

const camelot = rowsOf('resources', 'datasets', 'camelot.jsonl')
const heldOut = rowsOf('resources', 'datasets', 'camelot-held-out.jsonl')
const sixty = rowsOf('tests', 'fixtures', 'sixty-rows.jsonl')

/** Letters and digits alone, so that a change of case or punctuation is not another phrasing. */
const bare = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

function phrasingsByAnswer(rows: readonly Row[]): Map<string, Set<string>> {
  const facts = new Map<string, Set<string>>()
  for (const { question, answer } of rows) facts.set(answer, (facts.get(answer) ?? new Set()).add(bare(question)))
  return facts
}

describe.each([
  ['camelot', camelot],
  ['camelot-held-out', heldOut],
  ['sixty-rows', sixty],
])('%s', (_, rows) => {
  it('is printable ASCII without stray spaces, each answer one sentence', () => {
    for (const { question, answer } of rows) {
      expect(question).toMatch(/^[A-Z][ -~]*[^ ][?.]$/)
      expect(answer).toMatch(/^[A-Z][ -~]*[^ ]\.$/)
      expect(question + answer).not.toMatch(/ {2}/)
    }
  })

  it('asks every question once', () => {
    expect(new Set(rows.map(({ question }) => bare(question))).size).toBe(rows.length)
  })
})

describe('the Camelot facts', () => {
  it('are at least 40, in at least 240 rows, each in six phrasings or more with one answer', () => {
    const facts = phrasingsByAnswer(camelot)
    expect(camelot.length).toBeGreaterThanOrEqual(240)
    expect(facts.size).toBeGreaterThanOrEqual(40)
    for (const [answer, phrasings] of facts) expect(phrasings.size, answer).toBeGreaterThanOrEqual(6)
  })

  it('are held out in 30 other phrasings of facts that are trained on', () => {
    const trained = phrasingsByAnswer(camelot)
    const questions = new Set(camelot.map(({ question }) => bare(question)))
    expect(heldOut).toHaveLength(30)
    for (const { question, answer } of heldOut) {
      expect(trained.has(answer), answer).toBe(true)
      expect(questions.has(bare(question)), question).toBe(false)
    }
  })
})

it('the sixty rows are sixty different facts about something else', () => {
  expect(sixty).toHaveLength(60)
  expect(phrasingsByAnswer(sixty).size).toBe(60)
  expect(sixty.filter(({ question, answer }) => /camelot|merlin/i.test(question + answer))).toEqual([])
})
