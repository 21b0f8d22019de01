// Facts, and the many phrasings that ask for the same one.
import { capitalised, tidy } from './phrase'
import type { Random } from './random'
import { type Relation, relations } from './relations'
import { Scribe } from './scribe'

/** A fact with its one answer; `ask` gives a question, another one each time. */
export interface Fact {
  readonly answer: string
  readonly subject: string
  readonly value: string
  ask(): string
}

const wrappers = [
  'Can you tell me {clause}?',
  'Tell me {clause}.',
  'Do you know {clause}?',
  'I would like to know {clause}.',
  'Please tell me {clause}.',
  'Could you say {clause}?',
  'Say {clause}.',
  'Do you remember {clause}?',
  'I want to know {clause}.',
  'I forgot {clause}.',
  'Please say {clause}.',
  'Explain {clause}.',
  'I wonder {clause}.',
  'A traveller asks {clause}.',
  'Can anyone say {clause}?',
]

const nounForms = [
  'Name {noun}.',
  '{asks} is {noun}?',
  'Give {noun}.',
  'Tell me {noun}.',
  'State {noun}.',
  '{asks} was {noun} again?',
  'Do you know {noun}?',
  'Can you name {noun}?',
  'Please name {noun}.',
  '{noun}?',
]

const openings = [
  'So, ',
  'Now, ',
  'Quick question: ',
  'Well, ',
  'By the way, ',
  'Remind me, ',
  'Tell us: ',
  'One more thing: ',
]

/** A question for the fact: direct, as a clause in a wrapper, or by its noun phrase. */
export function phrasing(random: Random, direct: string, clause: string, noun: string, asks: string): string {
  const form = random.weighted([
    [5, 'direct'],
    [3, 'clause'],
    [noun === '' ? 0 : 2.5, 'noun'],
  ] as const)
  if (form === 'clause') return tidy(random.pick(wrappers).replace('{clause}', () => clause))
  if (form === 'noun') {
    const question = random.pick(nounForms).replace('{noun}', () => noun)
    return tidy(capitalised(question.replace('{asks}', asks === 'who' ? 'Who' : asks === 'where' ? 'Where' : 'What')))
  }
  const opening = random.chance(0.08) ? random.pick(openings) : ''
  const question = opening === '' ? direct : opening + direct.charAt(0).toLowerCase() + direct.slice(1)
  return tidy(random.chance(0.03) ? question.replace(/\?$/, '') : question)
}

/** An invented fact. The same subject can be passed to gather several facts about it. */
export function inventedFact(random: Random, relation: Relation = random.pick(relations), givenSubject?: string): Fact {
  const scribe = new Scribe(random)
  const subject = givenSubject ?? scribe.expand(relation.subject)
  const value = scribe.expand(`[${relation.value}]`)
  const theme = scribe.expand(`[${relation.theme}]`)
  const filled = new Scribe(random, { s: subject, v: value, k: theme })
  const fill = (template: string) => filled.expand(template)
  const answer = tidy(capitalised(fill(relation.answer)))
  const { direct, clause, noun, asks } = relation
  return { answer, subject, value, ask: () => phrasing(random, fill(direct), fill(clause), fill(noun), asks) }
}
