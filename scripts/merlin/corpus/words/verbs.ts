// Verbs grouped into frames: what kind of object, or none, each verb takes. Irregular forms stand in `inflection.ts`.
import { list } from './list'

/** A group of verbs that take the same kind of complement. `object` is a template for the scribe. */
export interface Frame {
  readonly verbs: readonly string[]
  readonly object: string
}

const frame = (verbs: string, object: string): Frame => ({ verbs: list(verbs), object })

export const frames: readonly Frame[] = [
  frame(
    'mend, repair, clean, polish, borrow, lend, buy, sell, use, find, lose, carry, fetch, drop, need, hide, test, hold',
    '[the|a|his*] [{quality} |]{tool}',
  ),
  frame(
    'find, open, close, lose, hide, paint, polish, buy, sell, keep, wrap, carry, break, mend, choose, admire, draw, bring, drop, count, take, give away, put away, look for, pick up, dust, hold',
    '[the|a|his*|the] [{quality} |{colour} |]{belonging}',
  ),
  frame(
    'bake, cook, eat, share, taste, cut, slice, prepare, serve, warm, smell, bring, buy, sell, finish, burn, order, offer',
    '[the|a|some*] [|fresh |warm |large |small ]{food}',
  ),
  frame('drink, pour, make, spill, taste, warm, order, offer, share, sip', '[some|the|hot|cold] {drink}'),
  frame(
    'feed, follow, brush, watch, call, catch, train, chase, pet, find, hear, see, lead, love, free, comfort, draw, count, carry',
    '[the|a|the|his*] [{temper} |{colour} |]{animal}',
  ),
  frame(
    'visit, leave, reach, cross, paint, remember, enter, clean, explore, find, describe, miss, guard, admire, avoid',
    'the [old |new |quiet |little |]{place}',
  ),
  frame(
    'greet, thank, help, visit, teach, remember, call, meet, follow, forgive, trust, invite, know, miss, praise, warn, pay, scold, believe, surprise, answer, comfort, hire, obey, marry, wave to, laugh at, wait for, listen to, talk to, write to, work for, argue with, depend on, smile at',
    '[the {trade}|the {temper} {trade}|his* {kin}|{name}|{name}]',
  ),
  frame(
    'wear, wash, mend, sew, fold, knit, buy, lose, brush, hang up, put on, take off, iron, dry, patch',
    '[the|a|his*] [{colour} |{quality} |]{clothing}',
  ),
  frame('play, practise, tune, carry, buy, hear, repair', '[the|a|his*] [old |small |]{instrument}'),
  frame(
    'plant, water, cut, pick, grow, smell, draw, admire, sell, trim, dig up',
    '[the|a|the] [{colour} |tall |small |wild |]{plant}',
  ),
  frame(
    'climb, plant, cut down, paint, sit under, rest under, pass, shake, measure',
    '[the|an old|a tall|the great] {tree}',
  ),
  frame(
    'drive, paint, build, repair, steer, push, load, sell, wash, row, stop, board, hire, miss',
    '[the|a|his*] [{colour} |{quality} |]{vehicle}',
  ),
  frame(
    'study, discuss, read about, learn about, write about, talk about, dream of, think about, ask about, sing about, laugh about, understand, enjoy, teach, know about, hear about, speak about',
    '{subject}',
  ),
  frame(
    'sleep, rest, wait, laugh, sing, dance, smile, work, read, cry, whistle, think, sit down, wake up, listen, pray, cough, sneeze, whisper, shout, nod, yawn, dream, hum, sigh, swim, write, paint, relax',
    '',
  ),
  frame(
    'walk, run, ride, hurry, wander, travel, sail, climb, go, come, return, march, drive, move, get',
    '[to|through|past|toward|around] the [old |quiet |little |]{place}',
  ),
  frame(
    'live, work, sleep, hide, wait, stay, sit, play, stand, rest, eat, sing, arrive, get lost',
    '[in|near|behind|beside] the [old |little |quiet |]{place}',
  ),
  frame('look, sit, stand, wait, search, play, sleep, fall, hide, lie', '{spot}'),
  frame('feel, seem, become, look, remain, grow', '[very |quite |rather |a little |]{feeling}'),
  frame('hear', '[{sound}|{sound} from the {place}|{sound} {spot}]'),
  frame('show, display, need, value, praise, learn, teach', '[great |a little |real |much |]{virtue}'),
  frame('learn, teach, study, enjoy, practise, like, dislike, master', '{schoolsubject}'),
  frame('play, win at, lose at, teach, learn, enjoy', '{game}'),
  frame(
    'tell, write, remember, hear, sing, forget, invent, repeat, print, translate',
    '[a|the] [long |short |funny |sad |strange |old ][story|song|poem|joke|letter|tale]',
  ),
  frame(
    'solve, explain, discover, notice, avoid, forget, mention, create, find',
    '[the|a|another] [small |strange |serious |difficult |simple |][problem|mistake|secret|puzzle|question|plan|answer|trick]',
  ),
  frame(
    'earn, save, spend, lend, owe, count, lose, win, pay, borrow, hide',
    '[{number} [coins|pennies|silver coins]|some money|all his* money]',
  ),
  frame(
    'cross, watch, follow, see, measure, reach, map',
    'the [river|road|hill|valley|sea|moon|stars|clouds|coast|mountain|stream|path|horizon]',
  ),
]
