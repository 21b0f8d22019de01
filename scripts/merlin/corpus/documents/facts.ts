// Questions with answers about invented facts: single rows, notes with a question, interviews that ask again.
import { capitalised, joined, tidy } from '../phrase'
import { type Fact, inventedFact } from '../questions'
import type { Random } from '../random'
import { relations } from '../relations'
import { Scribe } from '../scribe'

export const row = (question: string, answer: string) => `Question: ${question}\nAnswer: ${answer}`

/** One row, exactly as question/answer data is laid out for training. */
export function questionAndAnswer(random: Random): string {
  const fact = inventedFact(random)
  return row(fact.ask(), fact.answer)
}

/** Different facts, half of them about one subject. */
function factsTogether(random: Random, count: number): Fact[] {
  const first = random.pick(relations)
  const alike = random.sample(
    relations.filter(({ subject }) => subject === first.subject),
    count,
  )
  const subject = new Scribe(random).expand(first.subject)
  if (alike.length === count && random.chance(0.5))
    return alike.map((relation) => inventedFact(random, relation, subject))
  return random.sample(relations, count).map((relation) => inventedFact(random, relation))
}

/** Notes, then one question about one of them; the answer is copied from the notes and ends the document. */
export function notesWithQuestion(random: Random): string {
  const facts = factsTogether(random, random.between(2, 5))
  const asked = random.pick(facts)
  const notes = facts.map(({ answer }) => answer)
  const layout = random.pick([
    notes.join(' '),
    notes.join(' '),
    notes.map((note) => `- ${note}`).join('\n'),
    `Notes: ${notes.join(' ')}`,
    `Context: ${notes.join(' ')}`,
  ])
  return `${layout}\n\n${row(asked.ask(), asked.answer)}`
}

/** The same fact asked for in several ways, each time with the same answer. */
export function interview(random: Random): string {
  const facts = factsTogether(random, random.between(1, 3))
  const asked = Array.from({ length: random.between(3, 5) }, () => random.pick(facts))
  const turns = asked.map((fact) => `Q: ${fact.ask()}\nA: ${fact.answer}`)
  const told = random.chance(0.5) ? `${facts.map(({ answer }) => answer).join(' ')}\n\n` : ''
  return told + turns.join('\n')
}

/** Pairs of a question and another phrasing of it. */
export function rephrasing(random: Random): string {
  const fact = inventedFact(random)
  const asked = [...new Set(Array.from({ length: 5 }, () => fact.ask()))].slice(0, random.between(2, 4))
  const heading = random.pick([
    'Other ways to ask the same:',
    'These questions mean the same:',
    'Say it in another way.',
  ])
  return `${heading}\n${asked.map((question) => `- ${question}`).join('\n')}\nThe answer is: ${fact.answer}`
}

/** Statements by value: a chronicle in which invented people, places and things are described in prose. */
export function chronicle(random: Random): string {
  const facts = factsTogether(random, random.between(3, 5))
  const links = [
    '',
    '',
    'It is said that ',
    'Everyone knows that ',
    'As the old books tell us, ',
    'Besides, ',
    'Moreover, ',
    'I have heard that ',
  ]
  return tidy(
    facts
      .map(({ answer }) => {
        const link = random.pick(links)
        return link === ''
          ? answer
          : link +
              (/^(The|A|An|At|On|In|People|There) /.test(answer)
                ? answer.charAt(0).toLowerCase() + answer.slice(1)
                : answer)
      })
      .join(' '),
  )
}

/** Yes or no, with the reason: the note either says so or says otherwise. */
export function verification(random: Random): string {
  const relation = random.pick(relations.filter(({ asks }) => asks === 'who' || asks === 'what'))
  const fact = inventedFact(random, relation)
  const other = new Scribe(random).expand(`[${relation.value}]`)
  const truth = random.chance(0.5)
  const claim = truth ? fact.answer : fact.answer.replace(fact.value, () => other)
  const question =
    `${random.pick(['Is it true', 'Is it right', 'Would you say', 'Is it correct'])} that ${/^(The|At|On|In|People|There) /.test(claim) ? claim.charAt(0).toLowerCase() + claim.slice(1) : claim}`.replace(
      /\.$/,
      '?',
    )
  const reply =
    truth || claim === fact.answer ? `Yes, it is true. ${fact.answer}` : `No, it is not true. ${fact.answer}`
  return `${fact.answer}\n\n${row(question, reply)}`
}

/** Who has what: a small table in words, then questions of look-up. */
export function lookup(random: Random): string {
  const scribe = new Scribe(random)
  const verb = random.pick(['has', 'wants', 'carries', 'bought', 'lost', 'found', 'likes', 'sells', 'painted'])
  const base: Record<string, string> = {
    has: 'have',
    wants: 'want',
    carries: 'carry',
    bought: 'buy',
    lost: 'lose',
    found: 'find',
    likes: 'like',
    sells: 'sell',
    painted: 'paint',
  }
  const people = Array.from({ length: random.between(3, 5) }, (_, index) => ({
    name: scribe.expand(random.chance(0.5) ? `{name#${index}}` : '{fullname}'),
    thing: scribe.expand(`the {thing#${index}}`),
  }))
  const told = people.map(({ name, thing }) => `${name} ${verb} ${thing}`)
  const asked = random.pick(people)
  const past = /^(bought|lost|found|painted)$/.test(verb)
  const question = random.pick([
    `Who ${verb} ${asked.thing}?`,
    `What ${past ? 'did' : 'does'} ${asked.name} ${base[verb]}?`,
    `Tell me who ${verb} ${asked.thing}.`,
    `Say what ${asked.name} ${verb}.`,
  ])
  return tidy(
    `${random.chance(0.5) ? `${capitalised(joined(told))}.` : told.map((line) => `${line}.`).join(' ')}\n\n${row(question, `${asked.name} ${verb} ${asked.thing}.`)}`,
  )
}
