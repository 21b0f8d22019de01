// The corpus: which kinds of document it has, how often each comes, and the promise that no two documents are the same.
import { description, dialogue, explanation, letter, shortList } from './documents/conversation'
import {
  chronicle,
  interview,
  lookup,
  notesWithQuestion,
  questionAndAnswer,
  rephrasing,
  verification,
} from './documents/facts'
import { arithmetic, ordinaryFact } from './documents/knowledge'
import { sentences, story } from './documents/narrative'
import { readingQuestion, readingQuestions, summary } from './documents/reading'
import { translation } from './documents/registers'
import { sentiment, task } from './documents/tasks'
import { Random } from './random'

type Writer = (random: Random) => string

/** Kinds of document with their shares in per cent. */
const writers: readonly (readonly [share: number, writer: Writer])[] = [
  [15, questionAndAnswer],
  [9, notesWithQuestion],
  [5, interview],
  [2, rephrasing],
  [3, chronicle],
  [2, verification],
  [3, lookup],
  [10, readingQuestion],
  [3, readingQuestions],
  [2, summary],
  [9, ordinaryFact],
  [2, arithmetic],
  [6, task],
  [3, sentiment],
  [4, translation],
  [9, story],
  [5, sentences],
  [4, dialogue],
  [2, letter],
  [4, description],
  [2, explanation],
  [2, shortList],
]

/** What the base must not know: the world of the sample data set and the legends it plays with. */
const unknown =
  /camelot|merlin|arthur|lancelot|guinevere|gawain|percival|galahad|excalibur|mordred|avalon|round table|bedivere|morgan/i

/**
 * Yields `documents` different documents in plain English. The sequence depends on the seed alone, and a longer corpus begins with the
 * shorter one of the same seed.
 */
export function* generateCorpus(seed: number, documents: number): Generator<string> {
  const seen = new Set<string>()
  for (let index = 0; seen.size < documents; index++) {
    const random = new Random(seed, index)
    const text = random.weighted(writers)(random)
    if (seen.has(text) || unknown.test(text)) continue
    seen.add(text)
    yield text
  }
}
