// Names that nobody has: built from syllables, so that a model learns to copy names letter by letter and the
// tokenizer meets every common pair of letters.
import type { Random } from './random'
import { list } from './words/list'
import { boys, girls, surnames } from './words/living'

const onsets = list(`
  b, bl, br, c, ch, cl, cr, d, dr, f, fl, fr, g, gl, gr, h, j, k, kl, kn, kr, l, m, n, p, ph, pl, pr, qu, r, s, sc, sh, sk, sl,
  sm, sn, sp, st, str, sw, t, th, tr, tw, v, w, wh, wr, y, z, b, d, f, g, h, l, m, n, p, r, s, t, v
`)
const nuclei = list('a, e, i, o, u, a, e, i, o, ae, ai, au, ea, ee, ei, ia, ie, io, oa, oo, ou, ow, y, ue, aw, oi')
const codas = list(`
  b, ck, d, f, g, l, ll, ld, lf, lm, ln, lt, m, mb, mp, n, nd, ng, nk, nn, nt, p, r, rb, rd, rg, rk, rl, rm, rn, rp, rt, rth, s,
  sk, ss, st, t, th, tt, v, x, z, sh, ch, rs, l, n, r, s, t, m
`)
const personEndings = list(`
  a, e, o, is, us, en, in, an, on, wen, ric, mund, bert, wyn, gar, lin, dor, mir, eth, iel, ina, ette, ora, ira, as, ix, ald, wick,
  elle, ow, y, ius, ena, ara, oth, ard, elda, anna, oline, ander, by
`)
const placeEndings = list(`
  ford, ton, ham, bury, wick, dale, mere, stead, worth, holm, by, thorpe, wood, field, bridge, mouth, haven, cliff, combe, den,
  ley, minster, moor, shaw, well, gate, burn, fell, marsh, hollow, watch, ridge, crag, isle, reach, market, cross, hill
`)

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function syllable(random: Random, closed: number): string {
  return random.pick(onsets) + random.pick(nuclei) + (random.chance(closed) ? random.pick(codas) : '')
}

/** One to three syllables with a capital, without a meaning. */
export function inventedWord(random: Random): string {
  const start = random.chance(0.15) ? random.pick(['A', 'E', 'I', 'O', 'U', 'Y']) + random.pick(codas) : ''
  const middle = Array.from({ length: random.between(1, 2) }, () => syllable(random, 0.45)).join('')
  return capital(start.toLowerCase() + middle).replace(/(.)\1\1+/g, '$1$1')
}

function inventedGiven(random: Random): string {
  const stem = syllable(random, 0.6) + (random.chance(0.25) ? syllable(random, 0.2) : '')
  return capital(stem.replace(/[aeiouy]+$/, '') + random.pick(personEndings))
}

export function inventedPlace(random: Random): string {
  const stem = syllable(random, 0.7) + (random.chance(0.2) ? syllable(random, 0.5) : '')
  const name = capital(stem + random.pick(placeEndings))
  return random.weighted([
    [7, name],
    [2, capital(inventedWord(random).toLowerCase())],
    [
      0.5,
      `${random.pick(['Upper', 'Lower', 'Great', 'Little', 'Old', 'New', 'North', 'South', 'East', 'West'])} ${name}`,
    ],
    [0.3, `Saint ${random.pick(girls)}`],
  ])
}

function inventedSurname(random: Random): string {
  return random.weighted([
    [
      3,
      capital(
        syllable(random, 0.9) +
          random.pick(['', '', '', 'er', 'son', 'man', 'ley', 'field', 'sby', 'well', 'low', 'ock', 'ott']),
      ),
    ],
    [2, random.pick(surnames)],
    [
      1,
      capital(
        random.pick([
          'black',
          'white',
          'green',
          'bright',
          'long',
          'under',
          'over',
          'swift',
          'thorn',
          'silver',
          'hollow',
          'iron',
          'fair',
          'penny',
        ]) +
          random.pick([
            'wood',
            'water',
            'foot',
            'hand',
            'field',
            'bone',
            'well',
            'cloak',
            'feather',
            'stone',
            'beck',
            'thistle',
            'acre',
          ]),
      ),
    ],
  ])
}

export interface PersonName {
  readonly name: string
  readonly female: boolean
}

/** A person's name: an ordinary first name, an invented one, with or without title, surname or byname. */
export function personName(random: Random): PersonName {
  const female = random.chance(0.5)
  const given = random.chance(0.5) ? random.pick(female ? girls : boys) : inventedGiven(random)
  const title = female
    ? random.pick([
        'Dame',
        'Lady',
        'Mrs',
        'Miss',
        'Sister',
        'Doctor',
        'Captain',
        'Old',
        'Aunt',
        'Queen',
        'Madam',
        'Professor',
        'Nurse',
        'Widow',
        'Mother',
      ])
    : random.pick([
        'Sir',
        'Lord',
        'Mr',
        'Master',
        'Brother',
        'Doctor',
        'Captain',
        'Old',
        'Uncle',
        'King',
        'Professor',
        'Judge',
        'Young',
        'Father',
        'Sergeant',
      ])
  const byname = `the ${random.pick(['Bold', 'Tall', 'Quiet', 'Wise', 'Younger', 'Elder', 'Lame', 'Red', 'Patient', 'Kind', 'Left-Handed', 'Grey', 'Swift', 'Silent', 'Plain', 'Merry', 'Sleepless', 'Short'])}`
  const name = random.weighted([
    [4, given],
    [4, `${given} ${inventedSurname(random)}`],
    [2, `${title} ${given}`],
    [1, `${title} ${inventedSurname(random)}`],
    [0.7, `${given} ${byname}`],
    [0.7, `${given} of ${inventedPlace(random)}`],
    [0.3, `${given} ${String.fromCharCode(65 + random.between(0, 25))}. ${inventedSurname(random)}`],
  ])
  return { name, female }
}

/** Letters and digits as on a label: "K7-204", "no. 18/B", "#Q.93". */
export function code(random: Random): string {
  const letter = () => String.fromCharCode(65 + random.between(0, 25))
  const small = () => String.fromCharCode(97 + random.between(0, 25))
  const digits = (count: number) => Array.from({ length: count }, () => random.between(0, 9)).join('')
  const mark = () => random.pick([...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'])
  return random.weighted([
    [3, `${letter()}${digits(1)}-${digits(3)}`],
    [2, `${letter()}${letter()}${digits(2)}`],
    [1, `no. ${digits(2)}/${letter()}`],
    [1, `#${digits(4)}`],
    [1, `${small()}${small()}_${digits(2)}`],
    [1, `${digits(2)}.${digits(2)}.${digits(1)}`],
    [1, `${letter()}${mark()}${digits(2)}${mark()}${small()}`],
    [0.5, `<${small()}${small()}${small()}>`],
    [0.5, `${small()}${small()}${small()}@${small()}${small()}${small()}${small()}.${small()}${small()}`],
    [0.5, `${mark()}${mark()}${letter()}${mark()}`],
  ])
}
