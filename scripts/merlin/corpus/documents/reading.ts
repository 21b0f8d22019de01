// Reading: a paragraph made of beats, each of which knows questions about itself; the answer is copied from the text.
// The same beats give summaries and instructions over an input.
import type { Random } from '../random'
import { Scribe } from '../scribe'
import { row } from './facts'

interface Beat {
  readonly text: string
  /** Question templates with the answer that fits all of them. */
  readonly questions: string
  readonly answer: string
  /** The beat in a few words, for summaries. */
  readonly gist: string
}

const beat = (text: string, questions: string, answer: string, gist: string): Beat => ({
  text,
  questions,
  answer,
  gist,
})

const beats: readonly Beat[] = [
  beat(
    '[On {day#1}|That morning|At noon] {name#1} found {thing#1.a} {spot#1}.',
    'What did {name#1} find?|What was {spot#1}?|Who found the {thing#1}?|Where did {name#1} find the {thing#1}?',
    '{name#1} found the {thing#1} {spot#1}.',
    '{name#1} found the {thing#1}',
  ),
  beat(
    '{name#2} bought {number#2} {food#2.s} from the {trade#2}.',
    'How many {food#2.s} did {name#2} buy?|Who bought the {food#2.s}?|From whom did {name#2} buy the {food#2.s}?|What did {name#2} buy?',
    '{name#2} bought {number#2} {food#2.s} from the {trade#2}.',
    '{name#2} bought {food#2.s}',
  ),
  beat(
    '{name#1} was {feeling#1} because the {animal#1} had run away.',
    'How did {name#1} feel?|Why was {name#1} {feeling#1}?|What had run away?',
    '{name#1} was {feeling#1} because the {animal#1} had run away.',
    '{name#1} was {feeling#1}',
  ),
  beat(
    'The {vehicle#1} was {colour#1}, and it belonged to {name#3}.',
    'What colour was the {vehicle#1}?|Whose was the {vehicle#1}?|To whom did the {vehicle#1} belong?|Who owned the {vehicle#1}?',
    'The {vehicle#1} was {colour#1} and belonged to {name#3}.',
    '{name#3} had a {vehicle#1}',
  ),
  beat(
    '{name#3} worked as a {trade#3} in {town#3}.',
    'What was the work of {name#3}?|Where did {name#3} work?|Who worked in {town#3}?|Who was a {trade#3}?',
    '{name#3} worked as a {trade#3} in {town#3}.',
    '{name#3} was a {trade#3}',
  ),
  beat(
    'In the {place#4} stood a {quality#4} {tree#4}, and {name#2} sat under it.',
    'Where did {name#2} sit?|Who sat under the {tree#4}?|What stood in the {place#4}?',
    '{name#2} sat under the {tree#4} in the {place#4}.',
    '{name#2} sat under a {tree#4}',
  ),
  beat(
    'The train to {town#5} left at {clock#5}.',
    'When did the train leave?|Where did the train go?|At what time did the train to {town#5} leave?',
    'The train to {town#5} left at {clock#5}.',
    'the train left',
  ),
  beat(
    '{name#1} gave the {belonging#6} to {name#2}.',
    'Who got the {belonging#6}?|What did {name#1} give to {name#2}?|Who gave away the {belonging#6}?',
    '{name#1} gave the {belonging#6} to {name#2}.',
    '{name#1} gave {name#2} a {belonging#6}',
  ),
  beat(
    '{name#3} wore a {colour#7} {clothing#7}.',
    'What did {name#3} wear?|What colour was the {clothing#7} of {name#3}?|Who wore a {clothing#7}?',
    '{name#3} wore a {colour#7} {clothing#7}.',
    '{name#3} wore a {clothing#7}',
  ),
  beat(
    'The {animal#8} slept {spot#8} for {number#8} hours.',
    'Where did the {animal#8} sleep?|How long did the {animal#8} sleep?|What slept {spot#8}?',
    'The {animal#8} slept {spot#8} for {number#8} hours.',
    'the {animal#8} slept',
  ),
  beat(
    '{name#2} wrote a letter about {subject#9} to {fullname#9}.',
    'To whom did {name#2} write?|What was the letter about?|Who wrote a letter?',
    '{name#2} wrote a letter about {subject#9} to {fullname#9}.',
    '{name#2} wrote a letter',
  ),
  beat(
    'There was {weather#10} over {town#10}, so the {place#10} was closed.',
    'Why was the {place#10} closed?|What was the weather in {town#10}?|What was closed?',
    'The {place#10} was closed because there was {weather#10}.',
    'the {place#10} was closed',
  ),
  beat(
    'For dinner they had {foodmass#11} with {foodmass#12}.',
    'What did they eat?|What did they have for dinner?|Which meal had {foodmass#11}?',
    'They had {foodmass#11} with {foodmass#12} for dinner.',
    'they ate {foodmass#11}',
  ),
  beat(
    '{name#1} is {comparable#13} than {name#2}, but {name#3} is {comparable#13} than both.',
    'Who is {comparable#13} than {name#1}?|Who is the one that is {comparable#13} than both?',
    '{name#3} is {comparable#13} than {name#1} and {name#2}.',
    '{name#3} is {comparable#13} than the others',
  ),
  beat(
    'The {kin#14} of {name#1} played the {instrument#14} every {day#14}.',
    'Who played the {instrument#14}?|When did the {kin#14} of {name#1} play?|What did the {kin#14} of {name#1} play?',
    'The {kin#14} of {name#1} played the {instrument#14} every {day#14}.',
    'the {kin#14} of {name#1} played music',
  ),
  beat(
    'On the crate stood the mark {code#15}, and inside were {count#15} {tool#15.s}.',
    'What was the mark on the crate?|How many {tool#15.s} were in the crate?|What was inside the crate?',
    'The crate {code#15} held {count#15} {tool#15.s}.',
    'the crate held {tool#15.s}',
  ),
  beat(
    '{name#3} came back after {number#16} years.',
    'When did {name#3} come back?|Who came back?|How long was {name#3} away?',
    '{name#3} came back after {number#16} years.',
    '{name#3} came back',
  ),
  beat(
    '{name#2} met {fullname#17} near the {place#17}.',
    'Whom did {name#2} meet?|Where did {name#2} meet {fullname#17}?|Who met {fullname#17}?',
    '{name#2} met {fullname#17} near the {place#17}.',
    '{name#2} met {fullname#17}',
  ),
  beat(
    'The {belonging#18} was made of {material#18} by {fullname#18}.',
    'Who made the {belonging#18}?|What was the {belonging#18} made of?',
    'The {belonging#18} was made of {material#18} by {fullname#18}.',
    '{fullname#18} made a {belonging#18}',
  ),
  beat(
    '{name#1} hid the {tool#19} {spot#19}, where {crowd#19} could not see it.',
    'Where was the {tool#19}?|Who hid the {tool#19}?|What did {name#1} hide?',
    '{name#1} hid the {tool#19} {spot#19}.',
    '{name#1} hid the {tool#19}',
  ),
  beat(
    'The {animal#20} of {name#3} was called {word#20}.',
    'What was the {animal#20} of {name#3} called?|Who was {word#20}?|What was the name of the {animal#20}?',
    'The {animal#20} of {name#3} was called {word#20}.',
    '{name#3} had a {animal#20}',
  ),
  beat(
    'It cost {price#21} to enter the {place#21}.',
    'How much did it cost to enter the {place#21}?|What cost {price#21}?',
    'It cost {price#21} to enter the {place#21}.',
    'they went to the {place#21}',
  ),
]

/** A paragraph of several beats and the scribe that remembers its world. */
function paragraph(random: Random): { scribe: Scribe; told: Beat[]; text: string } {
  const scribe = new Scribe(random)
  const told = random.sample(beats, random.between(3, 5))
  const text = told.map(({ text: line }) => scribe.write(line.replace('{thing#1.a}', 'a {thing#1}'))).join(' ')
  return { scribe, told, text }
}

export function readingQuestion(random: Random): string {
  const { scribe, told, text } = paragraph(random)
  const asked = random.pick(told)
  const question = scribe.oneOf(asked.questions.split('|'))
  const answer = scribe.write(asked.answer)
  return random.weighted([
    [6, () => `${text}\n\n${row(question, answer)}`],
    [1, () => `Read this: ${text}\n${row(question, answer)}`],
    [2, () => `### Instruction:\n${question}\n\n### Input:\n${text}\n\n### Response:\n${answer}`],
    [
      1,
      () =>
        `### Instruction:\nRead the text and answer the question: ${question}\n\n### Input:\n${text}\n\n### Response:\n${answer}`,
    ],
  ])()
}

export function readingQuestions(random: Random): string {
  const { scribe, told, text } = paragraph(random)
  const turns = random
    .sample(told, random.between(2, 3))
    .map((asked) => `Q: ${scribe.oneOf(asked.questions.split('|'))}\nA: ${scribe.write(asked.answer)}`)
  return `${text}\n\n${turns.join('\n')}`
}

export function summary(random: Random): string {
  const { scribe, told, text } = paragraph(random)
  const gists = told.slice(0, 2).map(({ gist }) => scribe.expand(gist))
  const short = scribe.write(`${gists.join(random.pick([', and ', ', while ', ', and then ']))}.`)
  return random.weighted([
    [2, () => `${text}\n\nSummary: ${short}`],
    [
      2,
      () =>
        `### Instruction:\n${random.pick(['Summarise the text.', 'Sum this up in one sentence.', 'Write a short summary.', 'Say in a few words what happens.'])}\n\n### Input:\n${text}\n\n### Response:\n${short}`,
    ],
    [1, () => `${text}\n\n${row('What happens in this text?', short)}`],
  ])()
}
