// Short stories. A story follows a plot, whose remembered slots keep its little world consistent from line to line,
// with sentences of composed grammar between its lines.
import type { Random } from '../random'
import { Scribe } from '../scribe'
import { plots } from './plots'

/** Sentences that can stand between two lines of any plot; person 1 is the one the story is about. */
const asides = [
  '{weathersentence}.',
  '{he#1} was {feeling}.',
  '{he#1} {did#1}, and {he#1} {did#1}.',
  '{moment}, {he#1} {did#1}.',
  'When {he#1} {did#1}, {he#1} was {feeling}.',
  '{name#1} {did#1} because {he#1} was {feeling}.',
  '{he#1} {did#1} before {he#1} {did#1}.',
  '{he#1} {didnt#1}, but {he#1} {did#1}.',
  '{he#1} wanted to {do#1}.',
  '{he#1} thought about {subject}.',
  'There was {sound} in the {place}.',
  'While {he#1} {wasdoing#1}, {he#1} heard {sound}.',
  '{he#1} {frequency} {did#1} {time}.',
  'It was {comparable} than the day before.',
  'Nobody {did#they}.',
  '{he#1} had never been so {feeling}.',
  'After {he#1} had eaten, {he#1} {did#1}.',
  '{crowd} {did#they}.',
  'It took {number} [hours|days|minutes|weeks].',
  '{he#1} said nothing and {did#1}.',
  '{he#1} knew that {name} {haddone#they}.',
]

export function story(random: Random): string {
  const scribe = new Scribe(random)
  const lines = random.pick(plots)
  const entrance = lines.findIndex((line) => line.includes('{name#1}'))
  const told = lines.flatMap((line, place) =>
    entrance >= 0 && place >= entrance && random.chance(0.25) ? [line, random.pick(asides)] : [line],
  )
  const title = random.chance(0.12)
    ? `${scribe.write(random.pick(['The {quality} {belonging}', 'A day with {name#1}', 'The {trade} and the {animal}', 'What {name#1} found', 'The {place} {spot}']))}\n\n`
    : ''
  const text = scribe.write(told.join(' '))
  return (
    title +
    (random.chance(0.15)
      ? text.replace(/([.!?]) (?=[A-Z])/g, (gap, mark: string) => (random.chance(0.25) ? `${mark}\n` : gap))
      : text)
  )
}

/** A page of a diary or a chain of plain composed sentences: mostly grammar, little plot. */
const plain = [
  '{name#1} {did#1}.',
  '{name#1} and {name#2} {did#they}.',
  '{crowd} {did#they} {time}.',
  '{he#1} {frequency} {does#1} {time}.',
  'The {trade} {isdoing#1} now.',
  '{moment}, the {temper} {trade} {did#1}.',
  'Tomorrow {name#1} {will#1}.',
  '{name#2} {hasdone#2}.',
  '{crowd} {do#they}, but {name#1} {doesnt#1}.',
  'If {he#1} {does#1}, {he#1} {will#1}.',
  '{name#1} {did#1} although {he#1} was {feeling}.',
  '{name#1}, who is a {trade}, {does#1} {time}.',
  'The {animal} that {name#2} saw is {colour}.',
  '{weathersentence}, so {name#1} {did#1}.',
  '"I {do#i}," said {name#1}.',
  '{name#1} asked {name#2} to {do#2}.',
  '{name#2} is {comparable} than {name#1}.',
  'It is hard to {do#they}, but it is good to {do#they}.',
  'There [is|was] a {quality} {belonging} {spot}.',
  'There are {count} {animal.s} in the {place}.',
  'The {trade} told {crowd} to {do#they}.',
  'Neither {name#1} nor {name#2} {did#they}.',
  'Both {name#1} and {name#2} like {foodmass}.',
  '{name#1} likes {drink}, and {name#2} likes {drink}.',
  'The {belonging} was [made|found|mended|sold|lost|painted|bought] by {name#1}.',
  'The {place} is {comparable} than the {place}.',
  'We {did#they} {time}.',
  'You can {do#they} if you are {feeling}.',
  'I {did#i} and {did#i}.',
  'Please do not {do#they}.',
  'Why did {name#1} {do#1}? [Nobody knows|Because {he#1} was {feeling}|I do not know].',
  'What a {quality} {belonging} it was!',
  'The {colour} {clothing} belongs to {name#1}, not to {name#2}.',
  '{name#1} has {number} {belonging.s} and {number} {clothing.s}.',
]

export function sentences(random: Random): string {
  const scribe = new Scribe(random)
  return scribe.write(random.sample(plain, random.between(4, 8)).join(' '))
}
