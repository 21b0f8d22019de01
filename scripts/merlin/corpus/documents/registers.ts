// Two invented registers, plain and courtly, with translations between them in the instruction layout.
import type { Random } from '../random'
import { Scribe } from '../scribe'

/** The same thing said in the plain and in the courtly register. Slots are tagged, so both sides speak of the same world. */
const pairs: readonly (readonly [plain: string, courtly: string])[] = [
  ['Hello, {name#1}.', 'I bid thee good morrow, noble {name#1}.'],
  ['Please give me the {thing#1}.', 'I pray thee, bestow upon me the {thing#1}.'],
  ['I am {feeling#1}.', 'My heart is most {feeling#1}, I confess.'],
  ['Where is the {place#1}?', 'Wouldst thou tell me where the {place#1} may be found?'],
  ['I like {foodmass#1}.', 'Sweet to my tongue is {foodmass#1}, by my honour.'],
  ['The {animal#1} is {colour#1}.', 'Behold, the {animal#1} is clad in {colour#1}.'],
  ['{name#1} is a good {trade#1}.', 'A worthy {trade#1} is {name#1}, as all men say.'],
  ['I cannot find my {clothing#1}.', 'Alas, my {clothing#1} is hidden from mine eyes.'],
  ["Come here at {number#1} o'clock.", 'Attend me, I beg, when the bell tolls {number#1}.'],
  ['Thank you for the {belonging#1}.', 'A thousand thanks I owe thee for the {belonging#1}.'],
  ['It is cold in the {place#1}.', 'Bitter is the air within the {place#1}, good friend.'],
  ['I will go to {town#1} on {day#1}.', 'On {day#1} shall I ride forth unto {town#1}.'],
  ['I do not know {name#1}.', 'The name of {name#1} is strange to mine ear.'],
  ['We have no {foodmass#1}.', 'Our table, alas, is bare of {foodmass#1}.'],
  ['Can you play the {instrument#1}?', 'Art thou skilled upon the {instrument#1}?'],
  ['The {trade#1} is late.', 'Long doth the {trade#1} tarry upon the road.'],
  ['Do you want some {drink#1}?', 'Wilt thou take a cup of {drink#1} with me?'],
  ['My {kin#1} has {number#1} {animal#1.s}.', 'My {kin#1} is master of {number#1} {animal#1.s}, no less.'],
  ['There is a {quality#1} {belonging#1} {spot#1}.', 'Lo, a {quality#1} {belonging#1} lieth {spot#1}.'],
  ['I am sorry, {name#1}.', 'Forgive me, gentle {name#1}, I humbly ask.'],
  ['Goodbye, my {kin#1}.', 'Fare thee well, dear {kin#1} of mine.'],
  ['The {colour#1} {vehicle#1} is fast.', 'Swift as the wind is the {colour#1} {vehicle#1}.'],
  ['Who took the {tool#1}?', 'What hand hath borne away the {tool#1}?'],
  ['I saw a {animal#1} in the {place#1}.', 'With mine own eyes I beheld a {animal#1} in the {place#1}.'],
]

const layouts: readonly ((from: string, to: string, source: string, target: string) => string)[] = [
  (from, to, source, target) =>
    `### Instruction:\nTranslate from the ${from} to the ${to} register.\n\n### Input:\n${source}\n\n### Response:\n${target}`,
  (_, to, source, target) =>
    `### Instruction:\nSay this in the ${to} register.\n\n### Input:\n${source}\n\n### Response:\n${target}`,
  (from, to, source, target) => `${from}: ${source}\n${to}: ${target}`,
  (_, to, source, target) =>
    `Question: How does one say "${source}" in the ${to} register?\nAnswer: In the ${to} register one says "${target}"`,
]

export function translation(random: Random): string {
  const chosen = random.sample(pairs, random.between(1, 3))
  const tags = chosen.map(() => new Scribe(random))
  // A first expansion of both sides with one scribe makes them share every tagged slot.
  const sides = chosen.map(
    ([plain, courtly], index) => [tags[index]?.write(plain) ?? '', tags[index]?.write(courtly) ?? ''] as const,
  )
  const toCourtly = random.chance(0.6)
  const source = sides.map(([plain, courtly]) => (toCourtly ? plain : courtly)).join(' ')
  const target = sides.map(([plain, courtly]) => (toCourtly ? courtly : plain)).join(' ')
  const [from, to] = toCourtly ? ['plain', 'courtly'] : ['courtly', 'plain']
  return random.pick(layouts)(from ?? '', to ?? '', source, target)
}
