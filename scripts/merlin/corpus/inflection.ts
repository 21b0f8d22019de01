// English inflection: verb forms, plurals, numerals. Rules for the regular, a table for the rest.

/** The forms a clause can ask of a verb. `base` goes with plural subjects, with "to" and with auxiliaries. */
export type VerbForm = 'base' | 'third' | 'past' | 'participle' | 'ing'

/** base → [past, participle]; a single form serves as both. */
const irregular: Readonly<Record<string, readonly string[]>> = {
  be: ['was', 'been'],
  become: ['became', 'become'],
  begin: ['began', 'begun'],
  break: ['broke', 'broken'],
  bring: ['brought'],
  build: ['built'],
  burn: ['burned'],
  buy: ['bought'],
  catch: ['caught'],
  choose: ['chose', 'chosen'],
  come: ['came', 'come'],
  cut: ['cut'],
  dig: ['dug'],
  do: ['did', 'done'],
  draw: ['drew', 'drawn'],
  dream: ['dreamed'],
  drink: ['drank', 'drunk'],
  drive: ['drove', 'driven'],
  eat: ['ate', 'eaten'],
  fall: ['fell', 'fallen'],
  feed: ['fed'],
  feel: ['felt'],
  fetch: ['fetched'],
  find: ['found'],
  forget: ['forgot', 'forgotten'],
  forgive: ['forgave', 'forgiven'],
  get: ['got'],
  give: ['gave', 'given'],
  go: ['went', 'gone'],
  grow: ['grew', 'grown'],
  hang: ['hung'],
  have: ['had'],
  hear: ['heard'],
  hide: ['hid', 'hidden'],
  hold: ['held'],
  keep: ['kept'],
  know: ['knew', 'known'],
  lead: ['led'],
  leave: ['left'],
  lend: ['lent'],
  lie: ['lay', 'lain'],
  lose: ['lost'],
  make: ['made'],
  meet: ['met'],
  pay: ['paid'],
  put: ['put'],
  read: ['read'],
  ride: ['rode', 'ridden'],
  run: ['ran', 'run'],
  say: ['said'],
  see: ['saw', 'seen'],
  sell: ['sold'],
  sew: ['sewed', 'sewn'],
  shake: ['shook', 'shaken'],
  show: ['showed', 'shown'],
  sing: ['sang', 'sung'],
  sit: ['sat'],
  sleep: ['slept'],
  speak: ['spoke', 'spoken'],
  spend: ['spent'],
  stand: ['stood'],
  steal: ['stole', 'stolen'],
  swim: ['swam', 'swum'],
  take: ['took', 'taken'],
  teach: ['taught'],
  tell: ['told'],
  think: ['thought'],
  throw: ['threw', 'thrown'],
  understand: ['understood'],
  wake: ['woke', 'woken'],
  wear: ['wore', 'worn'],
  win: ['won'],
  write: ['wrote', 'written'],
  smell: ['smelled'],
  spill: ['spilled'],
  learn: ['learned'],
}

/** Verbs that double their last consonant: drop → dropped, dropping. */
const doubling = new Set(
  'beg clap cut dig drop get grab hit hop hum hug knit nod pat pet plan put rub run set shop sip sit slip spin step stop swim tap trim trip wrap win'.split(
    ' ',
  ),
)

const vowelBefore = (word: string) => /[aeiou]$/.test(word.slice(0, -1))

function third(verb: string): string {
  if (verb === 'have') return 'has'
  if (verb === 'be') return 'is'
  if (/(s|x|z|ch|sh|o)$/.test(verb)) return `${verb}es`
  if (verb.endsWith('y') && !vowelBefore(verb)) return `${verb.slice(0, -1)}ies`
  return `${verb}s`
}

function past(verb: string): string {
  if (verb.endsWith('e')) return `${verb}d`
  if (verb.endsWith('y') && !vowelBefore(verb)) return `${verb.slice(0, -1)}ied`
  return doubling.has(verb) ? `${verb}${verb.slice(-1)}ed` : `${verb}ed`
}

function ing(verb: string): string {
  if (verb === 'lie') return 'lying'
  if (verb.endsWith('e') && !/(ee|ye|oe)$/.test(verb) && verb !== 'be') return `${verb.slice(0, -1)}ing`
  return doubling.has(verb) ? `${verb}${verb.slice(-1)}ing` : `${verb}ing`
}

/** Inflects a verb or the first word of a phrasal verb: `conjugate('pick up', 'past')` is "picked up". */
export function conjugate(phrase: string, form: VerbForm): string {
  const [verb = '', ...particle] = phrase.split(' ')
  const forms = irregular[verb]
  const inflected = {
    base: () => verb,
    third: () => third(verb),
    past: () => forms?.[0] ?? past(verb),
    participle: () => forms?.[1] ?? forms?.[0] ?? past(verb),
    ing: () => ing(verb),
  }[form]()
  return [inflected, ...particle].join(' ')
}

const irregularPlurals: Readonly<Record<string, string>> = {
  mouse: 'mice',
  goose: 'geese',
  sheep: 'sheep',
  deer: 'deer',
  fish: 'fish',
  wolf: 'wolves',
  calf: 'calves',
  ox: 'oxen',
  man: 'men',
  woman: 'women',
  child: 'children',
  foot: 'feet',
  tooth: 'teeth',
  knife: 'knives',
  loaf: 'loaves',
  leaf: 'leaves',
  fisherman: 'fishermen',
  postman: 'postmen',
  ferryman: 'ferrymen',
  trout: 'trout',
  shelf: 'shelves',
  thief: 'thieves',
  'magnifying glass': 'magnifying glasses',
  scarf: 'scarves',
  radish: 'radishes',
}

/** The plural of a noun; in "jar of honey" the head noun is the one inflected. */
export function plural(noun: string): string {
  const [head = '', rest] = noun.split(/ (?=of )/)
  const end = rest === undefined ? '' : ` ${rest}`
  const known = irregularPlurals[head]
  if (known !== undefined) return known + end
  if (/(s|x|z|ch|sh)$/.test(head) || /(potato|tomato)$/.test(head)) return `${head}es${end}`
  if (head.endsWith('y') && !vowelBefore(head)) return `${head.slice(0, -1)}ies${end}`
  return `${head}s${end}`
}

const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const tens = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')

/** A whole number from 0 to 999 in words: 342 is "three hundred and forty-two". */
export function numberWords(value: number): string {
  if (value < 20) return units[value] ?? String(value)
  if (value < 100) return tens[Math.floor(value / 10)] + (value % 10 === 0 ? '' : `-${units[value % 10]}`)
  const rest = value % 100
  return `${units[Math.floor(value / 100)]} hundred${rest === 0 ? '' : ` and ${numberWords(rest)}`}`
}

const ordinals = 'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'.split(' ')

/** 1 is "first", 12 is "twelfth", 23 is "23rd". */
export function ordinal(value: number): string {
  const spelled = ordinals[value]
  if (spelled !== undefined) return spelled
  const ending = value % 100 > 10 && value % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th')
  return `${value}${ending}`
}
