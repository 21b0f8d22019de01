// Relations between an invented subject and an invented value, each with the many ways of asking for it.
// In the templates {s} is the subject, {v} the value and {k} a theme; the rest is the scribe's language.

export interface Relation {
  /** The word that asks for the noun phrase: "Who is the keeper of …?" */
  readonly asks: 'who' | 'what' | 'where' | 'when' | 'why' | 'how'
  readonly subject: string
  readonly value: string
  /** A direct question. */
  readonly direct: string
  /** The same as a clause: "who keeps the inn". */
  readonly clause: string
  /** The value described as a noun phrase, where English has one: "the keeper of the inn". */
  readonly noun: string
  /** One short full sentence that restates the subject. */
  readonly answer: string
  /** What {k} stands for in the other templates, drawn once for a fact: "rooms", say, or "windows". */
  readonly theme?: string
}

// Subjects that many relations share, and occasions.
export const house =
  'the [inn|tavern|guest house|hotel|tea room|bakery|mill|ferry|library|lighthouse|museum|school|dairy|forge|orchard|theatre|toll gate|bath house|observatory] [at|in|of|near] {town}'
export const folk = '{fullname}'
export const ship = 'the [ship|ferry|barge|schooner|fishing boat] {word}'
export const beast =
  '[the [dog|cat|horse|goat|owl|donkey|hawk|goose|pony|ox|parrot|otter] {word}|the [dog|cat|horse|goat|owl|donkey|goose|cow] of {fullname}|the {colour} {animal} of {town}]'
export const feast = 'the [festival|feast|fair|market|dance|regatta|parade|lantern night|race|assembly] of {town}'
export const thing =
  'the {quality} [crown|bell|clock|sword|lamp|mirror|book|ring|flag|harp|drum|key|cup|chair|map|seal|statue|telescope|banner|throne|shield] [of|in|at|from] {town}'
export const staff =
  'the [crew|staff|keepers|pupils|guards|watchmen|cooks|helpers|guides|nurses|children] [of|at|in] {town}'
export const occasion =
  'when it rains|at night|when the bell rings|in {season}|before {day}|after a storm|when the {animal} is lost|at sunset|in thick fog|when a guest arrives|on {day}s|at noon|when there is no {foodmass}|if the {tool} breaks'
export const guild =
  'the [guild|brotherhood|club|company|order|league|society|crew|choir|council] of [{trade.s}|{town}|the {colour} {animal}|{word}]'
