/**
 * What a default fine-tune teaches: trains on a file of questions and answers with nothing but the model's own
 * recommendations, then asks greedily and counts the answers that are right, word for word.
 *
 *   npx tsx bench/answers.ts [--model merlin-mini] [--dataset FILE] [--held-out FILE] [--asked 30]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { seededRandom } from '../src/main/engine/data/random'
import { completion, openWriter, type Writer, write } from '../src/main/engine/jobs/generate'
import { defaultGenerationSettings } from '../src/shared/contract'
import { camelotEvents } from './camelot-events'

type Pair = { question: string; answer: string }
const settings = { ...defaultGenerationSettings, do_sample: false, max_new_tokens: 64 }

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: resolve('resources/models/merlin-mini') },
    dataset: { type: 'string', default: 'resources/datasets/camelot.jsonl' },
    'held-out': { type: 'string' },
    asked: { type: 'string', default: '30' },
  },
})

const read = async (file: string): Promise<Pair[]> =>
  (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

/** Pairs drawn without favour: a seeded sample of the file. */
const sampleOf = (pairs: Pair[], count: number) =>
  seededRandom(7)
    .shuffle([...pairs])
    .slice(0, count)

async function rightAnswers({ open, generator }: Writer, pairs: Pair[]): Promise<number> {
  let right = 0
  for (const { question, answer } of pairs) {
    const prompt = { text: `Question: ${question}\nAnswer:` }
    const { text } = await completion(write(open, generator, prompt, settings, new AbortController().signal))
    const isRight = text.trim() === answer.trim()
    if (isRight) right++
    else console.error(`  ${question}\n    expected: ${answer}\n    written:  ${text.trim()}`)
  }
  return right
}

const home = await mkdtemp(join(tmpdir(), 'camelot-answers-'))
try {
  const asked = sampleOf(await read(values.dataset), Number(values.asked))
  const heldOut = values['held-out'] ? await read(values['held-out']) : []
  const cache = join(home, 'cache')
  const ask = async (adapter: string | null) => {
    const writer = await openWriter({ folder: resolve(values.model), adapter }, cache)
    const counts = { trained: await rightAnswers(writer, asked), heldOut: await rightAnswers(writer, heldOut) }
    await writer.generator.close()
    return counts
  }
  console.error('Asking the base model …')
  const base = await ask(null)
  console.error('Training …')
  const began = performance.now()
  let best = ''
  for await (const event of camelotEvents([
    'train',
    '--model',
    values.model,
    '--dataset',
    values.dataset,
    '--home',
    home,
  ]))
    if (event.type === 'log' && event.step % 100 === 0)
      console.error(`  step ${event.step}, loss ${event.loss.toFixed(4)}`)
    else if (event.type === 'done') best = event.best.path
  const seconds = (performance.now() - began) / 1000
  console.error('Asking the tuned model …')
  const tuned = await ask(best)
  console.log(
    JSON.stringify(
      {
        dataset: values.dataset,
        asked: asked.length,
        heldOut: heldOut.length,
        base,
        tuned,
        seconds: Math.round(seconds),
      },
      null,
      2,
    ),
  )
} finally {
  await rm(home, { recursive: true, force: true })
}
