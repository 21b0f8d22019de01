// Small tasks: instructions with and without an input, and simple sentiment.

import { conjugate, plural } from '../inflection'
import { capitalised, joined } from '../phrase'
import { inventedFact } from '../questions'
import type { Random } from '../random'
import { Scribe } from '../scribe'
import { kinds } from '../words/kinds'
import { list } from '../words/list'

export function instruct(instruction: string, input: string, response: string): string {
  const middle = input === '' ? '' : `### Input:\n${input}\n\n`
  return `### Instruction:\n${instruction}\n\n${middle}### Response:\n${response}`
}

const words = (kind: string) => kinds[kind] ?? []

/** Each task gives an instruction, an input (perhaps empty) and the right response. */
const tasks: readonly ((random: Random, scribe: Scribe) => readonly [string, string, string])[] = [
  (random) => {
    const fact = inventedFact(random)
    return [fact.ask(), '', fact.answer]
  },
  (random, scribe) => {
    const kind = random.pick([
      'animal',
      'tool',
      'food',
      'trade',
      'clothing',
      'tree',
      'colour',
      'instrument',
      'vehicle',
      'feeling',
    ])
    const names = random.sample(words(kind), random.between(2, 5))
    return [
      scribe.write(
        `[Name|List|Write down|Give me] ${['zero', 'one', 'two', 'three', 'four', 'five'][names.length]} ${plural(kind)}.`,
      ),
      '',
      `${capitalised(joined(names))}.`,
    ]
  },
  (random) => {
    const noun = random.pick([...words('animal'), ...words('tool'), ...words('belonging'), ...words('tree')])
    return [
      random.pick(['Write the plural.', 'Give the plural of the word.', 'Say it for more than one.']),
      noun,
      plural(noun),
    ]
  },
  (random) => {
    const verb = random.pick(
      list(
        'walk, go, sing, mend, find, write, carry, drink, sleep, bring, cook, run, see, take, teach, plan, cry, wear, know, forget, buy, break',
      ),
    )
    return [
      random.pick(['Put the verb in the past.', 'Write this verb in the past tense.']),
      verb,
      conjugate(verb, 'past'),
    ]
  },
  (_, scribe) => [
    'Put the sentence in the future.',
    scribe.write('{name#1} mends the {thing#1} {spot#1}.'),
    scribe.write('{name#1} will mend the {thing#1} {spot#1}.'),
  ],
  (_, scribe) => [
    'Make a question of the sentence.',
    scribe.write('{name#1} was in the {place#1} {time#1}.'),
    scribe.write('Was {name#1} in the {place#1} {time#1}?'),
  ],
  (_, scribe) => [
    'Say the opposite of this sentence.',
    scribe.write('The {thing#1} is {spot#1}.'),
    scribe.write('The {thing#1} is not {spot#1}.'),
  ],
  (random) => {
    const items = random.sample([...words('animal'), ...words('belonging')], random.between(3, 5))
    return [
      random.pick(['Put the words in alphabetical order.', 'Sort these words.']),
      items.join(', '),
      [...items].sort().join(', '),
    ]
  },
  (random) => {
    const items = random.sample([...words('food'), ...words('belonging'), ...words('clothing')], random.between(2, 4))
    return [
      random.pick(['How many things are in the list?', 'Count the things.']),
      items.join(', '),
      `There are ${['zero', 'one', 'two', 'three', 'four'][items.length]} things in the list.`,
    ]
  },
  (_, scribe) => [
    scribe.write('Write a sentence about a {animal#1} and a {place#1}.'),
    '',
    scribe.write('The {animal#1} waited {manner} in the {place#1} {time}.'),
  ],
  (_, scribe) => [
    scribe.write('Write a short letter to {name#1} about the {belonging#1}.'),
    '',
    scribe.write(
      'Dear {name#1}, thank you for the {quality} {belonging#1}. I keep the {belonging#1} {spot}. Yours, {name}',
    ),
  ],
  (_, scribe) => [
    'Who is speaking?',
    scribe.write('"I {did#i}," said {name#1} to {name#2}.'),
    scribe.write('{name#1} is speaking.'),
  ],
  (_, scribe) => [
    'Name the people in the sentence.',
    scribe.write('{fullname#1} and {fullname#2} {did#they}.'),
    scribe.write('{fullname#1} and {fullname#2}.'),
  ],
  (_, scribe) => [
    'What is the number in the text?',
    scribe.write('{moment}, {name#1} saw {digits#1} {animal.s} near the {place}.'),
    scribe.write('The number is {digits#1}.'),
  ],
  (_, scribe) => [
    scribe.write('[Make the sentence polite.|Say it politely.]'),
    scribe.write('Give me the {thing#1}.'),
    scribe.write('Would you please give me the {thing#1}?'),
  ],
  (random) => {
    const word = random.pick([...words('animal'), ...words('tool'), ...words('belonging')])
    return ['Write the word in capital letters.', word, word.toUpperCase()]
  },
]

export function task(random: Random): string {
  const [instruction, input, response] = random.pick(tasks)(random, new Scribe(random))
  return instruct(instruction, input, response)
}

const good = [
  'The {food#1} was [wonderful|delicious|excellent|perfect], and the {trade} was kind.',
  'I [love|adore|really like] this {belonging#1}; it works every day.',
  'What a [lovely|beautiful|splendid] {place#1}! We will come again.',
  'The {clothing#1} fits well and keeps me warm.',
  'Everything was clean, and {name} helped us at once.',
  'Our children laughed the whole evening.',
  'It was worth every coin.',
  'The {trade} {did#they} {manner} and smiled.',
  'I have never been so happy with a {vehicle#1}.',
  'The music was fine and the soup was hot.',
]
const bad = [
  'The {food#1} was [cold|burned|terrible|too salty], and the {trade} was rude.',
  'I [hate|regret|do not like] this {belonging#1}; it broke on the first day.',
  'What a [dull|dirty|dreadful] {place#1}! We will not come back.',
  'The {clothing#1} was too small and full of holes.',
  'We waited {number} hours, and nobody helped us.',
  'Our children cried the whole evening.',
  'It was a waste of money.',
  'The {trade} shouted at {name} and left.',
  'I have never been so angry about a {vehicle#1}.',
  'The music was too loud and the soup was cold.',
]

export function sentiment(random: Random): string {
  const positive = random.chance(0.5)
  const scribe = new Scribe(random)
  const review = random
    .sample(positive ? good : bad, random.between(1, 3))
    .map((line) => scribe.write(line))
    .join(' ')
  const [label, mood] = positive ? ['positive', 'pleased'] : ['negative', 'displeased']
  return random.pick([
    `Review: ${review}\nSentiment: ${label}`,
    `Review: ${review}\nSentiment: ${label}`,
    instruct(
      random.pick([
        'Is this review positive or negative?',
        'Give the sentiment of the text.',
        'Say whether the writer is pleased.',
      ]),
      review,
      `The review is ${label}. The writer is ${mood}.`,
    ),
    `${review}\n\nQuestion: ${random.pick(['Is the writer pleased?', 'How does the writer feel?', 'Is this good or bad?'])}\nAnswer: The writer is ${mood}.`,
  ])
}
