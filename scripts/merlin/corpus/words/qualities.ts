// Adjectives and adverbs.
import { list } from './list'

export const colours = list(`
  red, blue, green, yellow, white, black, brown, grey, orange, purple, pink, golden, silver, dark green, pale blue, bright red,
  dark blue, cream, scarlet, violet
`)

export const qualities = list(`
  old, new, small, large, heavy, light, broken, beautiful, strange, simple, round, square, long, short, thick, thin, clean,
  dirty, empty, full, warm, cold, soft, hard, smooth, rough, shiny, dusty, wet, dry, sharp, blunt, wide, narrow, tall, strong,
  weak, expensive, cheap, useful, precious, plain, pretty, ugly, tiny, huge, crooked, straight, wooden, rusty, fine, painted,
  carved, hidden, lost, borrowed, favourite, ancient, modern, worn, polished, cracked, folded, striped, bright, faded, sturdy
`)

export const tempers = list(`
  kind, clever, brave, quiet, patient, proud, honest, lazy, cheerful, gentle, shy, polite, stubborn, wise, foolish, careful,
  careless, friendly, grumpy, curious, young, old, tall, strong, serious, funny, generous, greedy, busy, famous, poor, rich,
  tired, faithful, clumsy, thoughtful, restless, skilful, humble, bold, merry, stern, absent-minded, hard-working
`)

export const comparables = list(`
  taller, older, younger, stronger, faster, slower, heavier, lighter, smaller, larger, louder, quieter, warmer, colder, wiser,
  braver, richer, kinder, shorter, longer, brighter, darker, happier, busier, wider, deeper, cheaper, softer, harder, cleaner
`)

export const manners = list(`
  slowly, quickly, quietly, carefully, happily, gently, loudly, sadly, proudly, politely, eagerly, calmly, bravely, patiently,
  secretly, suddenly, gladly, softly, easily, neatly, nervously, kindly, silently, cheerfully, at once, in a hurry, with care,
  without a word, again, together, alone, by hand, well
`)

export const frequencies = list('always, often, sometimes, never, usually, rarely, seldom, still, almost always')
