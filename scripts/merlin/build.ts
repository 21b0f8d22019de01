// Rebuilds the bundled model from nothing, stage by stage: `npx tsx scripts/merlin/build.ts`. See README.md beside this file.
// A stage whose result is there is skipped, so an interrupted rebuild goes on where it was.
import { existsSync } from 'node:fs'
import { copyFile, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeFolder, writeTextWhole } from '../../src/main/engine/files/whole'
import { TrainEvent } from '../../src/shared/contract'
import { camelot, camelotLogged } from './command'
import { writeTexts } from './corpus'
import { inBatchesOfLikeLength } from './corpus/batches'
import { generateCorpus } from './corpus/generate'
import { initialise } from './initialise'
import { curveOf, lossCurve } from './loss-curve'
import { modelCard } from './model-card'
import { batchSize, samplePrompts, seed, trainingArguments, trainingDocuments, validationDocuments } from './recipe'
import { beginningOf, trainTokenizer } from './tokenizer'

const bundle = join(import.meta.dirname, '..', '..', 'resources', 'models', 'merlin-mini')

/** Paths of one rebuild. */
function placesIn(workspace: string) {
  const at = (...parts: string[]) => join(workspace, ...parts)
  return {
    home: at('home'),
    corpus: at('train.jsonl'),
    validation: at('validation.jsonl'),
    initial: at('initial'),
    run: at('run'),
    events: at('events.jsonl'),
    exported: at('exported'),
    samples: at('samples.json'),
  }
}
type Places = ReturnType<typeof placesIn>

interface Stage {
  readonly name: string
  readonly done: (places: Places) => Promise<boolean> | boolean
  readonly run: (places: Places) => Promise<void> | void
}

async function readEvents(file: string): Promise<TrainEvent[]> {
  const lines = existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '') : []
  return lines.map((line) => TrainEvent.parse(JSON.parse(line)))
}

const finished = async ({ events }: Places) =>
  (await readEvents(events)).some((event) => event.type === 'done' && !event.stopped)

async function makeCorpus({ corpus, validation }: Places): Promise<void> {
  const documents = [...generateCorpus(seed, trainingDocuments + validationDocuments)]
  await writeTexts(validation, documents.splice(trainingDocuments))
  await writeTexts(corpus, inBatchesOfLikeLength(documents, batchSize, seed))
}

async function train(places: Places): Promise<void> {
  const begun = (await readEvents(places.events)).some(({ type }) => type === 'start')
  const data = [
    '--model',
    places.initial,
    '--dataset',
    places.corpus,
    '--validation',
    places.validation,
    '--output-dir',
    places.run,
  ]
  const words = begun ? ['resume', places.run] : ['train', ...data, '--name', 'merlin-mini', ...trainingArguments]
  const status = await camelotLogged(places, words, places.events)
  if (status === 130)
    throw new Error('build: interrupted; the work so far is kept, and the same command goes on with it')
  if (status !== 0) throw new Error(`build: training ended with status ${status}; the line above says why`)
}

/** Writes the trained weights in F16, with tokenizer and configuration, and puts them into the bundle. */
async function exportBundle(places: Places): Promise<void> {
  await camelot(places, [
    'export',
    places.run,
    '--format',
    'safetensors',
    '--quantization',
    'f16',
    '--output',
    places.exported,
    '--overwrite',
  ])
  const files = [
    'config.json',
    'generation_config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'special_tokens_map.json',
    'model.safetensors',
  ]
  await makeFolder(bundle)
  for (const file of files) {
    const source = existsSync(join(places.exported, file)) ? places.exported : places.initial
    await copyFile(join(source, file), join(bundle, file))
  }
}

async function sample(places: Places): Promise<void> {
  const samples: { prompt: string; text: string }[] = []
  for (const [index, prompt] of samplePrompts.entries()) {
    const words = [
      'generate',
      '--model',
      bundle,
      '--prompt',
      prompt,
      '--max-new-tokens',
      '80',
      '--do-sample',
      '--temperature',
      '0.7',
      '--quantization',
      'none',
      '--seed',
      String(index + 1),
    ]
    const { text } = (await camelot(places, words)) as { text: string }
    samples.push({ prompt, text })
  }
  await writeTextWhole(places.samples, `${JSON.stringify(samples, null, 2)}\n`)
}

async function report(places: Places): Promise<void> {
  const events = await readEvents(places.events)
  const { training, evaluation } = curveOf(events)
  await writeTextWhole(join(bundle, 'loss-curve.svg'), lossCurve(training, evaluation))
  const template = await readFile(join(import.meta.dirname, 'model-card.md'), 'utf8')
  const samples = JSON.parse(await readFile(places.samples, 'utf8')) as { prompt: string; text: string }[]
  await writeTextWhole(join(bundle, 'README.md'), modelCard(template, events, samples))
}

const stages: readonly Stage[] = [
  {
    name: 'corpus',
    done: ({ corpus, validation }) => existsSync(corpus) && existsSync(validation),
    run: makeCorpus,
  },
  {
    name: 'tokenizer',
    done: ({ initial }) => existsSync(join(initial, 'tokenizer.json')),
    run: ({ initial }) => trainTokenizer(beginningOf(generateCorpus(seed, trainingDocuments)), initial),
  },
  {
    name: 'initialise',
    done: ({ initial }) => existsSync(join(initial, 'model.safetensors')),
    run: ({ initial }) => initialise(initial, seed),
  },
  { name: 'train', done: finished, run: train },
  { name: 'export', done: ({ exported }) => existsSync(join(exported, 'model.safetensors')), run: exportBundle },
  { name: 'sample', done: ({ samples }) => existsSync(samples), run: sample },
  { name: 'report', done: () => false, run: report },
]

/** The results that a stage leaves behind, removed before the stage is done again. */
const resultsOf: Readonly<Record<string, readonly (keyof Places)[]>> = {
  corpus: ['corpus', 'validation'],
  tokenizer: ['initial'],
  initialise: ['initial'],
  train: ['run', 'events', 'home'],
  export: ['exported'],
  sample: ['samples'],
}

/** Removes the results of a stage and of those after it. `initialise` shares its folder with `tokenizer`, so both are done again. */
async function forget(places: Places, from: string): Promise<void> {
  const first = stages.findIndex(({ name }) => name === from)
  if (first < 0)
    throw new Error(`--from: there is no stage "${from}"; the stages are ${stages.map(({ name }) => name).join(', ')}`)
  for (const { name } of stages.slice(first)) {
    for (const place of resultsOf[name] ?? []) await rm(places[place], { recursive: true, force: true })
  }
}

async function build(): Promise<void> {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string', default: '.cache/merlin' },
      from: { type: 'string' },
      until: { type: 'string' },
    },
  })
  const last = values.until === undefined ? stages.length - 1 : stages.findIndex(({ name }) => name === values.until)
  if (last < 0)
    throw new Error(
      `--until: there is no stage "${values.until}"; the stages are ${stages.map(({ name }) => name).join(', ')}`,
    )
  const workspace = resolve(values.workspace)
  const places = placesIn(workspace)
  await makeFolder(workspace)
  if (values.from !== undefined) await forget(places, values.from)
  for (const { name, done, run } of stages.slice(0, last + 1)) {
    const skipped = await done(places)
    console.error(`${name}: ${skipped ? 'done before' : 'working …'}`)
    if (!skipped) await run(places)
  }
}

build().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})
