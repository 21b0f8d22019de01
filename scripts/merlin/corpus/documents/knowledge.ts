// Questions about the ordinary world: true, few, and asked in many ways; and small sums.
import { numberWords } from '../inflection'
import { fixArticles, tidy } from '../phrase'
import { phrasing } from '../questions'
import type { Random } from '../random'
import * as known from '../words/knowledge'
import { days, months } from '../words/settings'
import { row } from './facts'
import { instruct } from './tasks'

interface TrueFact {
  readonly questions: readonly string[]
  readonly clause: string
  readonly noun: string
  readonly answer: string
}

const fact = (questions: string, clause: string, noun: string, answer: string): TrueFact => ({
  questions: questions.split('|'),
  clause,
  noun,
  answer,
})
const from = (table: readonly (readonly [string, string])[], make: (key: string, value: string) => TrueFact) =>
  table.map(([key, value]) => make(key, value))

const facts: readonly TrueFact[] = [
  ...from(known.capitals, (land, city) =>
    fact(
      `What is the capital of ${land}?|Which city is the capital of ${land}?`,
      `what the capital of ${land} is`,
      `the capital of ${land}`,
      `The capital of ${land} is ${city}.`,
    ),
  ),
  ...from(known.capitals, (land, city) =>
    fact(
      `Of which country is ${city} the capital?|In which country is ${city}?|Where is ${city}?`,
      `where ${city} is`,
      `the country of ${city}`,
      `${city} is the capital of ${land}.`,
    ),
  ),
  ...from(known.young, (parent, child) =>
    fact(
      `What is a young ${parent} called?|What do we call a baby ${parent}?`,
      `what a young ${parent} is called`,
      `the young of a ${parent}`,
      `A young ${parent} is called a ${child}.`,
    ),
  ),
  ...from(known.calls, (animal, call) =>
    fact(
      `What sound does a ${animal} make?|How does a ${animal} speak?|What does a ${animal} do when it calls?`,
      `what sound a ${animal} makes`,
      `the sound of a ${animal}`,
      `A ${animal} ${call}.`,
    ),
  ),
  ...from(known.homes, (who, home) =>
    fact(
      `Where does a ${who} live?|What is the home of a ${who}?|Where can I find a ${who}?`,
      `where a ${who} lives`,
      `the home of a ${who}`,
      `A ${who} lives in a ${home}.`,
    ),
  ),
  ...from(known.opposites, (one, other) =>
    fact(
      `What is the opposite of ${one}?|Which word is the opposite of ${one}?`,
      `what the opposite of ${one} is`,
      `the opposite of ${one}`,
      `The opposite of ${one} is ${other}.`,
    ),
  ),
  ...from(known.toolOf, (trade, tool) =>
    fact(
      `What does a ${trade} use?|Which tool does a ${trade} need?|What does a ${trade} work with?`,
      `what a ${trade} works with`,
      `the tool of a ${trade}`,
      `A ${trade} works with a ${tool}.`.replace('a chalk', 'chalk'),
    ),
  ),
  ...from(known.coloursOf, (thing, colour) =>
    fact(
      `What colour is ${thing}?|What is the colour of ${thing}?`,
      `what colour ${thing} is`,
      `the colour of ${thing}`,
      tidy(`${thing} is ${colour}.`),
    ),
  ),
  ...from(known.madeOf, (thing, matter) =>
    fact(
      `What is ${thing} made of?|What is ${thing} made from?`,
      `what ${thing} is made of`,
      '',
      tidy(`${thing} is made of ${matter}.`),
    ),
  ),
  ...from(known.counts, (what, number) =>
    fact(
      `How many ${what}?`,
      `how many ${what.replace(/^(\w+) does (.*) have$/, '$1 $2 has')}`,
      '',
      tidy(
        `${
          what.includes(' does ')
            ? what.replace(/^(\w+) does (.*) have$/, `$2 has ${number} $1`)
            : what
                .replace(/^(\w+) (are (in|on) )/, `there are ${number} $1 $3 `)
                .replace(/^planets go/, `${number} planets go`)
                .replace('continents are there', `there are ${number} continents`)
        }.`,
      ),
    ),
  ),
  ...from(known.purposes, (thing, use) =>
    fact(
      `What is ${thing} for?|What can one do with ${thing}?|Why do people use ${thing}?`,
      `what ${thing} is for`,
      `the use of ${thing}`,
      tidy(`${thing} is used to ${use}.`),
    ),
  ),
  ...from(known.shops, (shop, wares) =>
    fact(
      `What does a ${shop} sell?|What can I buy from a ${shop}?`,
      `what a ${shop} sells`,
      `the wares of a ${shop}`,
      `A ${shop} sells ${wares}.`,
    ),
  ),
  ...days.map((day, index) =>
    fact(
      `Which day comes after ${day}?|What day is it after ${day}?|What is the day after ${day}?`,
      `which day comes after ${day}`,
      `the day after ${day}`,
      `The day after ${day} is ${days[(index + 1) % 7]}.`,
    ),
  ),
  ...days.map((day, index) =>
    fact(
      `Which day comes before ${day}?|What is the day before ${day}?`,
      `which day comes before ${day}`,
      `the day before ${day}`,
      `The day before ${day} is ${days[(index + 6) % 7]}.`,
    ),
  ),
  ...months.map((month, index) =>
    fact(
      `Which month comes after ${month}?|What is the month after ${month}?`,
      `which month comes after ${month}`,
      `the month after ${month}`,
      `The month after ${month} is ${months[(index + 1) % 12]}.`,
    ),
  ),
]

function asked({ questions, clause, noun }: TrueFact, random: Random): string {
  return fixArticles(phrasing(random, random.pick(questions), clause, noun, 'what'))
}

/** One true fact in the question/answer or the instruction layout, or several in one document. */
export function ordinaryFact(random: Random): string {
  const chosen = random.pick(facts)
  const answer = fixArticles(chosen.answer)
  return random.weighted([
    [6, () => row(asked(chosen, random), answer)],
    [1, () => instruct(asked(chosen, random), '', answer)],
    [
      4,
      () =>
        random
          .sample(facts, random.between(3, 6))
          .map((one) => `Q: ${asked(one, random)}\nA: ${fixArticles(one.answer)}`)
          .join('\n'),
    ],
    [
      2,
      () =>
        random
          .sample(facts, random.between(3, 6))
          .map((one) => fixArticles(one.answer))
          .join(' '),
    ],
  ])()
}

/** Sums up to twenty and small products, in figures and in words. */
export function arithmetic(random: Random): string {
  const sum = () => {
    const [sign, spoken, right] = random.pick([
      ['+', 'plus', (a: number, b: number) => a + b],
      ['-', 'minus', (a: number, b: number) => a - b],
      ['x', 'times', (a: number, b: number) => a * b],
    ] as const)
    const second = random.between(1, 9)
    const first = sign === '-' ? second + random.between(0, 11) : random.between(1, sign === 'x' ? 9 : 20)
    const words = random.chance(0.4)
    const say = (value: number) => (words ? numberWords(value) : String(value))
    const middle = words ? spoken : sign
    return {
      expression: `${say(first)} ${middle} ${say(second)}`,
      result: say(right(first, second)),
      is: words ? 'is' : '=',
    }
  }
  const one = sum()
  return random.weighted([
    [
      3,
      () =>
        row(
          random.pick(
            [
              `What is ${one.expression}?`,
              `How much is ${one.expression}?`,
              `Work out ${one.expression}.`,
              `Can you add up ${one.expression}?`,
            ].slice(0, 3),
          ),
          tidy(`${one.expression} ${one.is} ${one.result}.`),
        ),
    ],
    [
      2,
      () =>
        Array.from({ length: random.between(5, 9) }, sum)
          .map(({ expression, is, result }) => `${expression} ${is} ${result}`)
          .join('\n'),
    ],
    [1, () => instruct('Work out the sum.', one.expression, one.result)],
  ])()
}
