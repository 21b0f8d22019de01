// Dialogues, letters, descriptions, explanations and lists.
import type { Random } from '../random'
import { Scribe } from '../scribe'

const exchanges: readonly (readonly string[])[] = [
  [
    'Good [morning|evening|day], {name#2}. How are you?',
    'I am {feeling}, thank you. And you?',
    'I am {feeling}, because I {did#i}.',
  ],
  [
    'Have you seen my {thing#1}?',
    '[Yes, it is {spot}|No, but I saw a {thing#2} {spot}|I think {name} took the {thing#1}].',
    'Thank you. I need the {thing#1} {time}.',
  ],
  [
    'What are you doing?',
    'I am {doing#i}.',
    'Why are you {doing#i}?',
    'Because [I am {feeling}|my {kin} asked me|it is {day}|I like it].',
  ],
  [
    'Where are you going?',
    'To the {place#1}.',
    'May I come with you?',
    '[Of course|No, I go alone|Yes, if you carry the {belonging}].',
  ],
  ['What is the weather like [in {town}|at the {place}]?', 'There is {weather}.', 'Then take your {clothing}.'],
  [
    'How much is this {belonging#1}?',
    '{number.cap} coins.',
    'That is too much. I will give you {number}.',
    '[Very well, take it|No, my friend|It is made of {material}, you know].',
  ],
  ['Did {name#3} {do#3}?', '[Yes, {he#3} did|No, {he#3} {did#3}|I do not know].', 'I thought so.'],
  ['What shall we eat?', 'We have {foodmass#8}, {foodmass} and a {food}.', 'I would like the {foodmass#8}, please.'],
  ['Who is the {temper} {trade} over there?', 'That is {name#3}. {he#3} {does#3}.', 'I should like to meet {him#3}.'],
  [
    'Can you {do#i}?',
    '[Yes, I can|No, but I can {do#i}|Not yet, but I will learn].',
    'Then [show me|teach me|let us begin].',
  ],
  ['I had a dream about {subject#1}.', 'What happened in it?', 'A {animal} {did#they} and {did#they}.', 'How strange!'],
  ['Which is {comparable}, the {animal#1} or the {animal#2}?', 'The {animal#1}, I think.', 'I am not so sure.'],
  ['When does the {place#1} open?', 'At {clock}, but never on {day}.', 'Good, I will wait.'],
  [
    'Do you like {foodmass#1}?',
    '[Yes, very much|No, I never eat {foodmass#1}|Only with {foodmass}].',
    'My {kin} [loves|hates] {foodmass#1}.',
  ],
  [
    'I am sorry that I broke your {belonging#1}.',
    'Do not worry. It was only a {belonging#1}.',
    'I will buy you a {quality} one.',
  ],
]

export function dialogue(random: Random): string {
  const scribe = new Scribe(random)
  const lines = random.sample(exchanges, random.between(1, 3)).flat()
  const speakers = [scribe.write('{name#1}'), scribe.write('{name#2}')]
  const style = random.between(0, 2)
  const opening = random.chance(0.3) ? `${scribe.write('{name#1} met {name#2} [at|near|in] the {place}.')}\n` : ''
  const spoken = lines.map((line, turn) => {
    const speaker = speakers[turn % 2] ?? ''
    const text = scribe.write(line)
    if (style === 0) return `${speaker}: ${text}`
    const verb = text.endsWith('?') ? 'asked' : random.pick(['said', 'answered', 'replied', 'said'])
    if (style === 1 || turn < 2) return `"${text.replace(/\.$/, ',')}" ${verb} ${speaker}.`
    return `"${text}"`
  })
  return opening + spoken.join('\n')
}

const letterBodies = [
  'Thank you for the {thing#1}. I keep the {thing#1} {spot}, and I think of you every {day}.',
  'Here in {town} there is {weather} {time}. {crowd} {did#they}, and I {did#i}.',
  'Last week {name#3} {did#3}. I was {feeling} when I heard it.',
  'Could you send me {foodmass} and a {quality} {belonging}? I need them before {day}.',
  'I have learned to {do#i}. It is not easy, but my {kin} helps me.',
  'My {animal#1} is well. It {does#they} and sleeps {spot}.',
  'When will you visit us? We will go to the {place} and eat a {food}.',
  'I am writing to tell you that the {trade} has left {town}. Nobody knows why.',
  'Please bring your {instrument}. We will have a dance on {day}.',
  'The {season} here is {comparable} than at home.',
]

export function letter(random: Random): string {
  const scribe = new Scribe(random)
  const date = random.chance(0.4)
    ? `${scribe.write('{town}')}, ${random.between(1, 30)} ${scribe.write('{month}')}\n\n`
    : ''
  const greeting = scribe.write('[Dear|My dear|Dear] {name#1},')
  const body = random.sample(letterBodies, random.between(2, 4)).map((line) => scribe.write(line))
  const close = scribe.write('[Your friend|Yours truly|With love|Kind regards|Best wishes|Yours],\n{name#2}')
  return `${date}${greeting}\n\n${body.join(' ')}\n\n${close}`
}

const descriptions = [
  'The {place#1} of {town#1} is {quality} and {quality}.',
  'It was built by {fullname} in {year}.',
  'It stands [beside|behind|near|opposite] the {place}.',
  'Its [walls|doors|windows|steps] are {colour} and made of {material}.',
  'Inside there are {count} {belonging.s}.',
  'You can smell {foodmass} and {drink}.',
  '{crowd} come here {time}.',
  'On the wall hangs a {thing#1}.',
  'Nobody remembers who brought the {thing#1}.',
  'In {season} it is full of {animal.s}.',
  'The {trade} who works there is called {name#1}.',
  '{he#1} {does#1} every {day}.',
  'A {temper} {animal} guards the door.',
  'From the window one can see the {place} and a {tree}.',
  'At night one hears {sound}.',
  'The floor is {quality}, and the ceiling is {colour}.',
]

const portraits = [
  '{name#1} is a {temper} {trade} from {town}.',
  '{he#1} is {number} years older than {his#1} {kin}.',
  '{he#1} wears a {colour} {clothing} and a {quality} {clothing}.',
  '{his#1} eyes are [blue|green|brown|grey].',
  '{he#1} always carries a {thing#1}.',
  '{he#1} likes {foodmass} but not {foodmass}.',
  'In {his#1} house there are {number} {animal.s}.',
  '{time}, {he#1} {does#1}.',
  '{he#1} plays the {instrument} and {game}.',
  '{his#1} best friend is {name#2}, the {trade}.',
  '{he#1} is afraid of {animal.s}.',
  '{he#1} speaks {manner}.',
  'People say that {he#1} once {did#1}.',
  '{he#1} is [the youngest|the eldest|the tallest] of {number} children.',
]

export function description(random: Random): string {
  const lines = random.chance(0.5) ? descriptions : portraits
  const first = lines[0] ?? ''
  return new Scribe(random).write([first, ...random.sample(lines.slice(1), random.between(4, 7))].join(' '))
}

const explanations: readonly (readonly string[])[] = [
  [
    'How does a {tool#1} work?',
    'A {tool#1} is held with [one hand|both hands].',
    'It is made of {material} and {material}.',
    'A {trade} uses it to {do#they}.',
    'If it is {quality}, it must be cleaned with {material}.',
  ],
  [
    'How to make {foodmass#1} [soup|pie|bread|stew].',
    'First, wash the {foodmass#1}.',
    'Second, cut it with a knife.',
    'Third, cook it with {foodmass} and {foodmass}.',
    'Wait {count} minutes.',
    'Serve it warm with {drink}.',
  ],
  [
    'Why do {animal#1.s} {do#they}?',
    'They do it because they are {feeling}.',
    'A young {animal#1} learns it from its mother.',
    'In {season#1} they do it more often than in {season#2}.',
    'People who watch {animal#1.s} need patience.',
  ],
  [
    'How does a water mill work?',
    'The river turns a wheel.',
    'The wheel turns a long beam, and the beam turns a heavy stone.',
    'The stone grinds the corn into flour.',
    'When there is no rain, the mill stands still.',
  ],
  [
    'How does a clock work?',
    'Inside a clock there is a spring or a weight.',
    'It pulls a small wheel, and the small wheel turns a larger one.',
    'The larger wheel moves the hands.',
    'Every {day} somebody has to wind it.',
  ],
  [
    'Where does rain come from?',
    'The sun warms the sea, and water rises into the air.',
    'High up it is cold, so the water turns into small drops.',
    'The drops make clouds.',
    'When the drops are heavy, they fall as rain.',
  ],
  [
    'How do bees make honey?',
    'Bees fly from flower to flower.',
    'They drink the sweet juice and carry it home.',
    'In the hive they dry it with their wings.',
    'After some time it is thick and sweet, and it is called honey.',
  ],
  [
    'How is bread made?',
    'The baker mixes flour, water and salt.',
    'A little yeast makes the dough rise.',
    'The dough rests for an hour or two.',
    'Then the baker shapes it and bakes it in a hot oven.',
    'Fresh bread smells wonderful.',
  ],
  [
    'How does a candle burn?',
    'A candle has a string in the middle.',
    'The flame melts the wax, and the string drinks it.',
    'The wax burns slowly and gives light.',
    'Without air the flame goes out.',
  ],
  [
    'How can one cross a river without a bridge?',
    'One can take a {vehicle}, or swim, or wait for the {season}.',
    'In winter one can sometimes walk on the ice.',
    'The {trade.s} of {town} use a rope and a raft.',
    'It takes them {number} minutes.',
  ],
]

export function explanation(random: Random): string {
  const scribe = new Scribe(random)
  const [title = '', ...lines] = random.pick(explanations)
  const extras = [
    'Some people prefer to {do#they}.',
    'That is what {fullname} taught in {town}.',
    'It is {comparable} than one thinks.',
    'A {temper} {trade} can do it in {number} days.',
    'Few people know that {crowd} {did#they} in the same way.',
    'A {quality} {tool} helps.',
    'Children learn it {time}.',
    '{name#1} the {trade} explained it to {his#1} {kin}.',
  ]
  const text = [...lines, ...random.sample(extras, random.between(1, 3))].map((line) => scribe.write(line))
  return `${scribe.write(title)}${random.pick(['\n', ' ', '\n\n'])}${text.join(' ')}`
}

export function shortList(random: Random): string {
  const scribe = new Scribe(random)
  const [heading, item] = random.pick([
    ['To buy at the market', '{number} {food.s}'],
    ['Things to do on {day}', '{do#i}'],
    ['In the {colour} box', 'a {quality} {belonging}'],
    ['Who comes to dinner', '{name}, the {trade}'],
    ['For the journey to {town}', 'a {quality} {clothing}'],
    ['Animals seen near the {place}', 'a {temper} {animal}'],
    ['Lost and found', 'a {colour} {belonging}, {spot}'],
    ['Prices', '{belonging}: {price}'],
    ['Rules of the {place}', 'Do not {do#they}.'],
    ['Timetable', '{clock} {town}'],
    ['Marks on the crates', '{code} - {foodmass}'],
    ['Register', '{fullname}: {code}'],
    ['Stock', '{material} x {digits}'],
  ])
  const marker = random.pick(['- ', '* ', 'number', '', 'letter'])
  const items = Array.from({ length: random.between(3, 7) }, (_, index) => {
    const mark =
      marker === 'number' ? `${index + 1}. ` : marker === 'letter' ? `(${String.fromCharCode(97 + index)}) ` : marker
    return mark + scribe.write(item ?? '')
  })
  return `${scribe.write(heading ?? '')}:\n${items.join('\n')}`
}
