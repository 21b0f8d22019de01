/** The generated corpus: reproducible, without repetitions, in the layouts that fine-tuning uses, and ignorant of Camelot. */
import { describe, expect, it } from 'vitest'
import { inBatchesOfLikeLength } from '../../scripts/merlin/corpus/batches'
import { generateCorpus } from '../../scripts/merlin/corpus/generate'
import { conjugate, numberWords, plural } from '../../scripts/merlin/corpus/inflection'
import { tidy } from '../../scripts/merlin/corpus/phrase'
import { Random } from '../../scripts/merlin/corpus/random'
import { Scribe } from '../../scripts/merlin/corpus/scribe'
import { rowsOf } from './rows'

const sample = [...generateCorpus(2026, 5000)]

describe('a sample of 5,000 documents', () => {
  it('holds no document twice', () => {
    expect(new Set(sample).size).toBe(5000)
  })

  it('follows from the seed alone, and a shorter corpus is the beginning of a longer one', () => {
    expect([...generateCorpus(2026, 300)]).toEqual(sample.slice(0, 300))
    expect([...generateCorpus(2027, 300)].filter((text) => sample.includes(text)).length).toBeLessThan(15)
  })

  it('is plain text without template residue', () => {
    for (const text of sample) {
      expect(text, text).toMatch(/^[\n -~]+$/)
      expect(text, text).not.toMatch(/\{[a-z]+(#\w+)?\}|undefined|NaN|\bhis\*/)
      expect(text).toBe(text.trim())
    }
  })

  it('covers every printable ASCII character', () => {
    const used = new Set(sample.join(''))
    expect(
      Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).filter((sign) => !used.has(sign)),
    ).toEqual([])
  })

  it('ends with the answer wherever a row asks a question', () => {
    const rows = sample.filter((text) => text.includes('Question: '))
    expect(rows.length).toBeGreaterThan(1500)
    for (const text of rows) expect(text).toMatch(/(^|\n)Question: [^\n]+\nAnswer: [^\n]+$/)
  })

  it('lays instructions out as fine-tuning does', () => {
    const tasks = sample.filter((text) => text.includes('### '))
    expect(tasks.length).toBeGreaterThan(400)
    for (const text of tasks)
      expect(text).toMatch(/^### Instruction:\n[^\n]+\n\n(### Input:\n[\s\S]+?\n\n)?### Response:\n[^\n]/)
  })

  it('knows nothing of Camelot, and holds no question of the sample data sets', () => {
    const all = sample.join('\n')
    expect(all).not.toMatch(/camelot|merlin|arthur|lancelot|guinevere|excalibur/i)
    const questions = [
      ...rowsOf('resources', 'datasets', 'camelot.jsonl'),
      ...rowsOf('tests', 'fixtures', 'sixty-rows.jsonl'),
    ]
    expect(questions.filter(({ question, answer }) => all.includes(question) || all.includes(answer))).toEqual([])
  })
})

describe('the training order', () => {
  const ordered = inBatchesOfLikeLength(sample, 16, 3)

  it('holds every document once and follows from the seed', () => {
    expect([...ordered].sort()).toEqual([...sample].sort())
    expect(inBatchesOfLikeLength(sample, 16, 3)).toEqual(ordered)
    expect(inBatchesOfLikeLength(sample, 16, 4)).not.toEqual(ordered)
  })

  it('pads less than a tenth, where chance would pad more than half as much again', () => {
    const padded = (texts: readonly string[]) => {
      let area = 0
      for (let start = 0; start < texts.length; start += 16)
        area += 16 * Math.max(...texts.slice(start, start + 16).map(({ length }) => length))
      return area / texts.join('').length
    }
    expect(padded(ordered)).toBeLessThan(1.1)
    expect(padded(sample)).toBeGreaterThan(1.5)
  })
})

describe('English', () => {
  it.each([
    ['carry', 'past', 'carried'],
    ['drop', 'past', 'dropped'],
    ['write', 'participle', 'written'],
    ['pick up', 'third', 'picks up'],
    ['lie', 'ing', 'lying'],
    ['bake', 'ing', 'baking'],
    ['see', 'ing', 'seeing'],
    ['watch', 'third', 'watches'],
  ] as const)('%s in the form %s is %s', (verb, form, expected) => {
    expect(conjugate(verb, form)).toBe(expected)
  })

  it.each([
    ['pony', 'ponies'],
    ['loaf of bread', 'loaves of bread'],
    ['wolf', 'wolves'],
    ['bench', 'benches'],
    ['monkey', 'monkeys'],
  ])('one %s, two %s', (one, two) => {
    expect(plural(one)).toBe(two)
  })

  it('spells numbers', () => {
    expect([0, 13, 40, 57, 100, 342].map(numberWords)).toEqual([
      'zero',
      'thirteen',
      'forty',
      'fifty-seven',
      'one hundred',
      'three hundred and forty-two',
    ])
  })

  it('gives "an" to vowel sounds and capitals to sentences', () => {
    expect(tidy('a old owl met a useful hour. it  was a "apple" .')).toBe(
      'An old owl met a useful hour. It was an "apple".',
    )
  })

  it('remembers tagged slots and refuses unknown ones', () => {
    const scribe = new Scribe(new Random(1))
    const [first, second] = scribe.write('{thing#1}|{thing#1}').toLowerCase().split('|')
    expect(first).toBe(second)
    expect(() => scribe.write('{nonsense}')).toThrow('unknown slot {nonsense}')
  })
})
