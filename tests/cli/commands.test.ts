/**
 * What each command prints and how it ends, word for word, over the real studio and a stand-in for the engine, whose
 * figures never change.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { copyFile, rm, utimes, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { version } from '../../package.json'
import { TrainEvent } from '../../src/shared/contract'
import { type Bench, fixture, type Outcome, openBench, tinyModel } from './support/camelot'

let bench: Bench
const rows = fixture('sixty-rows.jsonl')
const environment = { FAKE_STEP_MS: '1', TZ: 'UTC' }
const camelot = (...words: string[]) => bench.run(words, { environment })

beforeAll(async () => {
  bench = await openBench(fixture('fake-engine.cjs'))
})
afterAll(() => bench.close())

/** Takes out what differs from one run of the tests to the next. */
function steady(text: string): string {
  return text
    .replaceAll(bench.folder, 'BENCH')
    .replaceAll(tinyModel, 'MODEL')
    .replace(/[^\s"]*(?=\/resources)/g, 'PROGRAM')
    .replace(/\b(run|data|model|export)-[a-z2-9]{8}\b/g, '$1-ID')
    .replace(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, 'TIME')
}

function done(outcome: Outcome): Outcome {
  expect(outcome.notes).toBe('')
  expect(outcome.status).toBe(0)
  return outcome
}

describe('help and version', () => {
  it('shows the commands', async () => {
    const { output } = done(await camelot('--help'))
    expect(output).toContain('Usage: camelot COMMAND [options]')
    for (const name of [
      'doctor',
      'models',
      'datasets',
      'runs',
      'import',
      'inspect',
      'train',
      'resume',
      'eval',
      'generate',
      'export',
      'serve',
    ])
      expect(output).toMatch(new RegExp(`^  ${name} +[A-Z].*\\.$`, 'm'))
  })

  it('shows the options of a command with their defaults, within 100 columns', async () => {
    const { output } = done(await camelot('train', '--help'))
    expect(output).toContain('--learning-rate X')
    expect(output).toContain('(2e-4, full: 5e-5)')
    expect(output).toContain('--[no-]shuffle')
    expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
    expect(done(await camelot('help', 'train')).output).toBe(output)
  })

  it('shows the version', async () => {
    expect(done(await camelot('--version')).output).toBe(`${version}\n`)
  })

  it('opens no data folder for that', () => {
    expect(existsSync(bench.home)).toBe(false)
  })
})

describe('lists', () => {
  it('shows an empty list of runs as a sentence, and as no lines', async () => {
    expect(done(await camelot('runs')).output).toBe('No runs yet. “camelot train --model M --dataset D” starts one.\n')
    expect(done(await camelot('runs', '--json')).output).toBe('')
  })

  it('begins with the bundled data set', async () => {
    expect(done(await camelot('datasets', '--json')).json()).toEqual([
      expect.objectContaining({
        name: 'Camelot facts',
        format: 'jsonl',
        mapping: { kind: 'question', question: 'question', answer: 'answer' },
      }),
    ])
    const output = steady(done(await camelot('datasets')).output).replace(/\d+ {2}[\d.]+ kB/, 'ROWS  SIZE')
    expect(output).toMatchInlineSnapshot(`
      "id             name           format  rows     size  columns           imported
      data-ID  Camelot facts  jsonl    ROWS  SIZE  question, answer  TIME
      "
    `)
  })

  it('says what the machine is', async () => {
    const [report] = done(await camelot('doctor', '--json')).json()
    expect(report).toMatchObject({ version, home: bench.home, electron: null, node: process.versions.node })
    expect(report!.processor).toMatchObject({
      rates: { float32: 100e9, int8: 160e9 },
      advice: 'int8 runs 1.6 times as fast as fp32 here: LoRA over int8 is the fast lane.',
    })
    const { output } = done(await camelot('doctor'))
    expect(output).toContain(`Data folder     ${bench.home}\n`)
    expect(output).toContain('Products        fp32 100, int8 160 billion operations a second\n')
    expect(output).toMatch(/\nint8 runs 1\.6 times as fast as fp32 here: LoRA over int8 is the fast lane\.\n$/)
  })
})

describe('import', () => {
  it('takes a model folder once', async () => {
    expect(steady(done(await camelot('import', tinyModel, '--name', 'tiny')).output)).toMatchInlineSnapshot(`
      "Added model “tiny” (model-ID): GPT-2, 37.8K parameters, context 64
      "
    `)
    const [entry] = done(await camelot('import', tinyModel, '--json')).json()
    expect(entry).toMatchObject({ name: 'tiny', folder: tinyModel, architecture: 'GPT-2', problem: null })
    const models = done(await camelot('models', '--json')).json()
    expect(models.filter(({ folder }) => folder === tinyModel)).toEqual([entry])
    expect(done(await camelot('models')).output).toContain(`  ${tinyModel}\n`)
  })

  it('takes a file', async () => {
    const [entry] = done(await camelot('import', rows, '--name', 'Rescue', '--json')).json()
    expect(entry).toMatchObject({
      name: 'Rescue',
      sourceName: 'sixty-rows.jsonl',
      format: 'jsonl',
      rows: 60,
      problems: [],
    })
    expect(steady(done(await camelot('import', rows)).output)).toMatchInlineSnapshot(`
      "Imported data set “sixty-rows” (data-ID): 60 rows, 7 kB, columns question, answer
      "
    `)
  })
})

describe('inspect', () => {
  it('counts a file', async () => {
    const [statistics] = done(await camelot('inspect', rows, '--model', 'tiny', '--json')).json()
    expect(Object.keys(statistics!)).toEqual([
      'rows',
      'format',
      'columns',
      'tokens',
      'truncated',
      'unsupervised',
      'duplicates',
      'problems',
    ])
    expect(statistics).toMatchObject({ rows: 60, format: 'jsonl', columns: ['question', 'answer'] })
  })

  it('shows it to a person', async () => {
    expect(done(await camelot('inspect', 'Rescue', '--model', tinyModel)).output).toMatchInlineSnapshot(`
      "Data set        Rescue
      Format          jsonl
      Columns         question, answer
      Rows            60
      Tokens          600, of which 240 are targets
      Tokens a row    8 to 14, median 10, 95 % at most 12
      Truncated       0 (longer than 64)
      Without target  0
      Duplicates      0
      "
    `)
  })
})

describe('train', () => {
  const train = (...words: string[]) => camelot('train', '--model', tinyModel, '--dataset', rows, ...words)

  it('prints the events of the run, one a line', async () => {
    const { output, json } = done(await train('--json', '--name', 'first', '--max-steps', '20', '--seed', '7'))
    const events = json().map((event) => TrainEvent.parse(event))
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1))
    expect(events.map(({ type }) => type).join(' ')).toBe(
      'start log eval sample checkpoint log eval sample checkpoint done',
    )
    expect(events[0]).toMatchObject({ arguments: { max_steps: 20, seed: 7, learning_rate: 2e-4 }, steps: 20 })
    const [run] = done(await camelot('runs', '--json')).json()
    expect(run).toMatchObject({
      name: 'first',
      status: 'done',
      step: 20,
      outputDir: (events[0] as { outputDir: string }).outputDir,
    })
    expect(readFileSync(bench.at('home', 'runs', String(run!.id), 'events.jsonl'), 'utf8')).toBe(output)
  })

  it('tells a person', async () => {
    const { output } = done(await train('--max-steps', '10', '--name', 'second'))
    expect(steady(output)).toMatchInlineSnapshot(`
      "Run run-ID on cpu
      LoRA, r 16: 8.19K of 90.1K parameters train (9.1 %)
      36 rows, 4 held out, 10 steps
      Checkpoints go to BENCH/home/runs/run-ID

         step  epoch     loss  grad norm  learning rate  tokens/s     left
           10   3.00   2.2265      0.790        2.00e-5       973     0:00
           10  evaluation loss 2.3265, perplexity 10.24
               "Question: Where does Harrow Pass station stand?\\nAnswer:" → " an answer at step 10"
           10  saved BENCH/home/runs/run-ID/checkpoint-10

      Done after 10 steps in 0:00: mean loss 2.2265, 1,000 tokens/s
      Best checkpoint: BENCH/home/runs/run-ID/checkpoint-10 (evaluation loss 2.3265)
      "
    `)
  })

  it('hands every kind of argument to the run', async () => {
    const words = ['--method', 'qlora', '--bnb-4bit-quant-type', 'fp4', '--bnb-4bit-use-double-quant', '--packing']
    const others = ['--rank-pattern', '{"c_proj": 4}', '--modules-to-save', 'wte,ln_f', '--neftune-noise-alpha', '5']
    const kwargs = ['--lr-scheduler-type', 'polynomial', '--lr-scheduler-kwargs', '{"power": 2}', '--max-steps', '1']
    const given = [...words, ...others, ...kwargs, '--no-gradient-checkpointing', '--freeze', 'none']
    const [start] = done(await camelot('train', '--model', 'tiny', '--dataset', rows, '--json', ...given)).json()
    expect(start!.arguments).toMatchObject({
      method: 'qlora',
      base_quantization: 'fp4',
      bnb_4bit_use_double_quant: true,
      packing: true,
      rank_pattern: { c_proj: 4 },
      modules_to_save: ['wte', 'ln_f'],
      neftune_noise_alpha: 5,
      lr_scheduler_type: 'polynomial',
      lr_scheduler_kwargs: { power: 2 },
      gradient_checkpointing: false,
      freeze: null,
    })
  })

  it('refuses a base that does not go with the method, by the names of the flags', async () => {
    const { status, notes } = await camelot(
      'train',
      ...['--model', 'tiny', '--dataset', rows, '--method', 'full', '--base-quantization', 'int8'],
    )
    expect(status).toBe(2)
    expect(notes).toMatch(/^camelot: --base-quantization is int8, but with method full every weight is trained/)
  })

  it('reads paths from where npm was started', async () => {
    await copyFile(rows, bench.at('from-npm.jsonl'))
    const outcome = await bench.run(['import', 'from-npm.jsonl', '--json'], {
      workingFolder: bench.program,
      environment: {
        ...environment,
        npm_lifecycle_event: 'camelot',
        npm_package_json: `${bench.program}/package.json`,
        INIT_CWD: bench.folder,
      },
    })
    expect(done(outcome).json()).toMatchObject([{ sourceName: 'from-npm.jsonl', rows: 60 }])
  })

  it('imports a file once, and again when it changed', async () => {
    const own = bench.at('own.jsonl')
    await copyFile(rows, own)
    const trainOn = () => camelot('train', '--model', 'tiny', '--dataset', own, '--max-steps', '1')
    const imports = async () =>
      (await camelot('datasets', '--json')).json().filter(({ sourceName }) => sourceName === 'own.jsonl').length
    done(await trainOn())
    done(await trainOn())
    expect(await imports()).toBe(1)
    await utimes(own, new Date(), new Date(Date.now() + 5_000))
    done(await trainOn())
    expect(await imports()).toBe(2)
  })

  it('writes to the folder that was asked for, as seen from where the person is', async () => {
    done(
      await bench.run(
        [
          'train',
          '--model',
          'tiny',
          '--dataset',
          rows,
          '--max-steps=3',
          '--output_dir=./results',
          '--logging_dir',
          'logs',
        ],
        { environment },
      ),
    )
    expect(readdirSync(bench.at('results'))).toEqual(['checkpoint-3'])
    expect(existsSync(bench.at('logs'))).toBe(true)
  })

  it('goes on from a run: from its adapter', async () => {
    const [start] = done(
      await camelot('train', '--model', 'first@10', '--dataset', rows, '--max-steps', '1', '--json'),
    ).json()
    const [first] = done(await camelot('runs', '--json'))
      .json()
      .filter(({ name }) => name === 'first')
    expect(start!.arguments).toMatchObject({ init_adapter: `${first!.outputDir}/checkpoint-10` })
  })

  it('validates on a file of its own', async () => {
    const { json } = done(await train('--validation', rows, '--max-steps', '1', '--json'))
    expect(json()[0]).toMatchObject({ type: 'start' })
  })

  it('fails with the engine’s sentence', async () => {
    const { status, notes, json } = await train('--seed', '13', '--json')
    expect([status, notes]).toEqual([1, 'camelot: The loss became infinite at step 5: try a lower learning rate.\n'])
    expect(json().at(-1)).toMatchObject({ type: 'error', code: 'not_finite' })
  })

  it('fails when the engine is killed, and the run can go on', async () => {
    const { status, notes } = await train('--seed', '14', '--name', 'killed')
    expect(status).toBe(1)
    expect(notes).toMatch(/^camelot: The engine's process was killed \(SIGKILL\).*\.\n$/)
    const [run] = done(await camelot('runs', '--json')).json()
    expect(run).toMatchObject({ name: 'killed', status: 'failed' })
  })

  it('refuses arguments that contradict each other', async () => {
    const { status, notes } = await train('--validation-split', '0', '--eval-strategy', 'steps')
    expect([status, notes]).toEqual([
      2,
      'camelot: --eval-strategy is steps, but there are no validation rows: give a validation file, or a --validation-split above 0.\n',
    ])
  })
})

describe('resume', () => {
  it('starts a run without a checkpoint again', async () => {
    await camelot('train', '--model', 'tiny', '--dataset', rows, '--seed', '13', '--name', 'unlucky')
    const { status, json } = await camelot('resume', 'unlucky', '--json')
    expect(status).toBe(1) // as unlucky as before
    expect(json()[0]).toMatchObject({ type: 'start', resumedFrom: 0 })
    expect(json()[0]!.seq).toBeGreaterThan(1)
  })

  it('says that a finished run is finished', async () => {
    const { status, notes } = await camelot('resume', 'first')
    expect([status, notes]).toEqual([1, 'camelot: The run "first" has finished; there is nothing left to train.\n'])
  })
})

describe('eval and generate', () => {
  it('prints the loss', async () => {
    expect(done(await camelot('eval', '--model', 'first', '--dataset', rows, '--json')).json()).toEqual([
      { loss: 1.5, perplexity: Math.exp(1.5), tokens: 100 },
    ])
    const evaluate = (quantization: string) =>
      camelot('eval', '--model', 'tiny', '--dataset', 'Rescue', '--quantization', quantization)
    expect(done(await evaluate('int8')).output).toContain('Loss        1.6000\n')
    expect(done(await evaluate('none')).output).toBe('Loss        1.5000\nPerplexity  4.48\nTargets     100 tokens\n')
  })

  it('prints the new text alone, with its figures beside it', async () => {
    const { status, output, notes } = await camelot('generate', '--model', 'first', '--prompt', 'who?', '--seed', '3')
    expect([status, output, notes]).toEqual([
      0,
      'You asked: who? (turn 1)\n',
      '6 tokens, 80 tokens/s, ended by the model, seed 3\n'.replace('6', '5'),
    ])
  })

  it('streams', async () => {
    const { output } = await camelot('generate', '--model', 'tiny', '--prompt', 'who?', '--stream')
    expect(output).toBe('You asked: who? (turn 1)\n')
    const { json } = done(await camelot('generate', '--model', 'tiny', '--prompt=who?', '--stream', '--json'))
    const pieces = json().slice(0, -1)
    expect(pieces.every(({ type }) => type === 'token')).toBe(true)
    expect(json().at(-1)).toEqual({
      text: pieces.map(({ text }) => text).join(''),
      tokens: pieces.length,
      tokensPerSecond: 80,
      stopReason: 'eos',
    })
  })

  it('asks as in a chat', async () => {
    const [answer] = done(
      await camelot('generate', '--model', 'tiny', '--prompt', 'who?', '--system', 'Be brief.', '--json'),
    ).json()
    expect(answer).toMatchObject({ text: 'You asked: who? (turn 2)' })
  })

  it('takes the seed recipe’s settings as they stand', async () => {
    const words = ['--max_length=100', '--temperature=0.7', '--do_sample=True', '--skip_special_tokens=True']
    done(await camelot('generate', '--model', 'tiny', '--prompt', 'who?', '--json', ...words))
  })

  it('fails with the engine’s sentence', async () => {
    const { status, output, notes } = await camelot('generate', '--model', 'tiny', '--prompt', 'fail', '--json')
    expect([status, output, notes]).toEqual([1, '', 'camelot: The model cannot answer this.\n'])
  })
})

describe('export', () => {
  it('prints the manifest', async () => {
    const [manifest] = done(
      await camelot('export', 'first@10', '--format', 'peft', '--output', 'exported', '--json'),
    ).json()
    expect(manifest).toMatchObject({
      format: 'peft',
      dtype: null,
      folder: bench.at('exported'),
      files: [{ name: 'adapter_config.json', sizeBytes: 2 }],
    })
    expect(JSON.parse(readFileSync(bench.at('exported/manifest.json'), 'utf8'))).toEqual(manifest)
  })

  it('tells a person', async () => {
    const { output } = done(await camelot('export', 'first', '--format', 'peft', '--output', 'exported-2'))
    expect(steady(output)).toBe('Wrote 1 file, 2 B, to BENCH/exported-2\n')
  })
})

describe('what comes later', () => {
  it.each([
    [['setup', 'cuda', '--mirror', 'x'], 'camelot setup is not available yet'],
    [['bench', 'train', '--model', 'x'], 'camelot bench is not available yet'],
    [['export', 'tiny', '--format', 'gguf', '--output', 'x'], '--format gguf is not available yet'],
    [['export', 'tiny', '--format', 'onnx', '--output', 'x'], '--format onnx is not available yet'],
    [['train', '--model', 'tiny', '--dataset', 'x', '--device', 'cuda'], '--device cuda is not available yet'],
    [
      ['generate', '--model', 'tiny', '--prompt', 'x', '--quantization', 'int4'],
      '--quantization int4 is not available yet',
    ],
  ])('%j', async (words, beginning) => {
    const { status, output, notes } = await camelot(...words)
    expect([status, output]).toEqual([2, ''])
    expect(notes).toMatch(/^camelot: .+\.\n$/)
    expect(notes).toContain(beginning)
  })
})

describe('one data folder', () => {
  it('is named by --home before CAMELOT_HOME', async () => {
    done(await bench.run(['--home', 'elsewhere', 'models', '--json'], { environment }))
    expect(statSync(bench.at('elsewhere/catalogue.sqlite')).isFile()).toBe(true)
    await rm(bench.at('elsewhere'), { recursive: true })
  })

  it('is shared by two processes at once', async () => {
    const both = await Promise.all(
      [1, 2].map(() => camelot('train', '--model', 'tiny', '--dataset', rows, '--max-steps', '10', '--json')),
    )
    for (const outcome of both) expect(done(outcome).json().at(-1)).toMatchObject({ type: 'done', step: 10 })
  })

  it('names are not mistaken for one another', async () => {
    await writeFile(bench.at('Rescue'), '{"prompt":"a","completion":"b"}\n')
    const { notes, status } = await camelot('inspect', 'unheard-of', '--model', 'tiny')
    expect([status, notes]).toEqual([
      1,
      'camelot: There is no data set “unheard-of”; give a file, or a name from “camelot datasets”.\n',
    ])
    const [statistics] = done(await camelot('inspect', 'Rescue', '--model', 'tiny', '--json')).json()
    expect(statistics).toMatchObject({ rows: 60 })
  })
})
