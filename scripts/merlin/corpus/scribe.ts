// The scribe turns templates into English. A template is text with
//   [a|b|c]      one of the alternatives, nested at will; an empty one may be left out
//   {food}       a word of a kind, drawn anew each time
//   {food#1}     a word of a kind, drawn once and remembered for the whole document: a small consistent world
//   {he#1} {him#1} {his#1} {himself#1}   the pronoun of the person {name#1}
//   {food#1.s}   its plural; {x.cap} with a capital
//   {did#1} {does#1} {do} {doing} {done} {didnt}   a predicate in that form, its "his" referring to person 1
// Bound values given to the constructor win over drawn ones.
import { conjugate, numberWords, ordinal, plural, type VerbForm } from './inflection'
import { code, inventedPlace, inventedWord, type PersonName, personName } from './invented-names'
import { capitalised, tidy } from './phrase'
import type { Random } from './random'
import { kinds } from './words/kinds'
import { boys, girls } from './words/living'
import { frames } from './words/verbs'

const pronouns: Readonly<Record<string, readonly [female: string, male: string]>> = {
  he: ['she', 'he'],
  him: ['her', 'him'],
  his: ['her', 'his'],
  himself: ['herself', 'himself'],
}

const predicates: Readonly<Record<string, readonly [auxiliary: string, form: VerbForm]>> = {
  do: ['', 'base'],
  does: ['', 'third'],
  did: ['', 'past'],
  doing: ['', 'ing'],
  done: ['', 'participle'],
  will: ['will ', 'base'],
  hasdone: ['has ', 'participle'],
  haddone: ['had ', 'participle'],
  wasdoing: ['was ', 'ing'],
  isdoing: ['is ', 'ing'],
  weredoing: ['were ', 'ing'],
  didnt: ['did not ', 'base'],
  doesnt: ['does not ', 'base'],
  can: ['can ', 'base'],
}

export class Scribe {
  private readonly drawn = new Map<string, string>()
  private readonly people = new Map<string, PersonName>()

  constructor(
    readonly random: Random,
    private readonly bound: Readonly<Record<string, string>> = {},
  ) {}

  /** The finished text of a template. */
  write(template: string): string {
    return tidy(this.expand(template))
  }

  /** One of several templates, finished. */
  oneOf(templates: readonly string[]): string {
    return this.write(this.random.pick(templates))
  }

  /** Expands alternatives and slots without tidying. Unknown slots are errors, so that a typing slip cannot reach the corpus. */
  expand(template: string): string {
    let text = template
    for (let innermost = /\[([^[\]]*)\]/.exec(text); innermost; innermost = /\[([^[\]]*)\]/.exec(text)) {
      const choice = this.random.pick((innermost[1] ?? '').split('|'))
      text = text.slice(0, innermost.index) + choice + text.slice(innermost.index + innermost[0].length)
    }
    return text.replace(
      /\{([a-z]+)(?:#(\w+))?(?:\.(\w+))?\}/g,
      (_, kind: string, tag: string | undefined, change: string | undefined) =>
        this.changed(this.slot(kind, tag), change),
    )
  }

  person(tag: string): PersonName {
    const known = this.people.get(tag)
    if (known) return known
    const person = this.random.chance(0.25) ? personName(this.random) : this.plainPerson()
    this.people.set(tag, person)
    return person
  }

  private plainPerson(): PersonName {
    const female = this.random.chance(0.5)
    const taken = new Set([...this.people.values()].map(({ name }) => name))
    const name = this.random.pick((female ? girls : boys).filter((candidate) => !taken.has(candidate)))
    return { name, female }
  }

  private changed(word: string, change: string | undefined): string {
    if (change === undefined) return word
    if (change === 's') return plural(word)
    if (change === 'cap') return capitalised(word)
    throw new Error(`template: unknown change .${change}`)
  }

  private slot(kind: string, tag: string | undefined): string {
    const key = tag === undefined ? kind : `${kind}#${tag}`
    const given = this.bound[key]
    if (given !== undefined) return given
    const forms = pronouns[kind]
    if (forms && tag !== undefined) return forms[this.person(tag).female ? 0 : 1]
    if (predicates[kind]) return this.predicate(kind, tag)
    if (kind === 'name' && tag !== undefined) return this.person(tag).name
    if (tag === undefined) return this.draw(kind)
    const known = this.drawn.get(key)
    if (known !== undefined) return known
    const word = this.fresh(kind)
    this.drawn.set(key, word)
    return word
  }

  /** A word of this kind that no other tag of the document already has, so that {animal#1} and {animal#2} differ. */
  private fresh(kind: string): string {
    const taken = new Set([...this.drawn].filter(([key]) => key.startsWith(`${kind}#`)).map(([, word]) => word))
    for (let attempt = 0; attempt < 8; attempt++) {
      const word = this.draw(kind)
      if (!taken.has(word)) return word
    }
    return this.draw(kind)
  }

  private draw(kind: string): string {
    const { random } = this
    const words = kinds[kind]
    if (words) return random.pick(words)
    switch (kind) {
      case 'name':
        return random.pick(random.chance(0.5) ? girls : boys)
      case 'fullname':
        return personName(random).name
      case 'town':
        return inventedPlace(random)
      case 'word':
        return inventedWord(random)
      case 'code':
        return code(random)
      case 'number':
        return numberWords(random.between(2, 12))
      case 'count':
        return random.chance(0.6) ? numberWords(random.between(2, 40)) : String(random.between(2, 400))
      case 'ordinal':
        return ordinal(random.between(1, 12))
      case 'digits':
        return String(random.between(2, 999))
      case 'year':
        return String(random.between(1100, 2020))
      case 'thing':
        return `${random.pick(kinds[random.chance(0.5) ? 'colour' : 'quality'] ?? [])} ${random.pick(kinds.belonging ?? [])}`
      case 'clock':
        return `${random.between(1, 12)}:${String(random.between(0, 11) * 5).padStart(2, '0')}`
      case 'price':
        return `$${random.between(1, 80)}.${random.pick(['00', '25', '50', '75', '99', '10'])}`
      default:
        throw new Error(`template: unknown slot {${kind}}`)
    }
  }

  /** A verb with its complement and perhaps an adverb: "carefully mended the old clock". */
  private predicate(kind: string, tag: string | undefined): string {
    const [auxiliary, form] = predicates[kind] ?? ['', 'base']
    const { verbs, object } = this.random.pick(frames)
    const verb = conjugate(this.random.pick(verbs), form)
    const possessive = tag === undefined ? 'the' : tag === 'they' ? 'their' : tag === 'i' ? 'my' : this.slot('his', tag)
    const complement = this.expand(object.replaceAll('some*', 'some of the').replaceAll('his*', possessive))
    const manner =
      this.random.chance(0.12) && !/^(feel|seem|bec|look|remain|gr[eo]w|know|lov|miss|need|lik)/.test(verb)
        ? ` ${this.draw('manner')}`
        : ''
    return `${auxiliary}${verb} ${complement}${manner}`.trimEnd()
  }
}
