/** Commands that cannot be meant as they are written: refused with status 2 before anything is opened. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, fixture, openBench, tinyModel } from '../cli/support/camelot'
import { expectRefusal } from './support/refusals'

let bench: Bench
const rows = fixture('sixty-rows.jsonl')

beforeAll(async () => {
  bench = await openBench(fixture('fake-engine.cjs'))
})
afterAll(() => bench.close())

const train = (...words: string[]) => ['train', '--model', 'm', '--dataset', 'd', ...words]
const generate = (...words: string[]) => ['generate', '--model', 'm', '--prompt', 'p', ...words]

describe('refuses, without opening the data folder,', () => {
  it.each<[string, string[], string | RegExp]>([
    ['no command', [], 'camelot needs a command; camelot --help lists them.'],
    ['an unknown command', ['finetune'], 'There is no command finetune; camelot --help lists them.'],
    ['a command with a slip', ['modles'], 'There is no command modles; did you mean camelot models?'],
    [
      'an unknown option',
      train('--gpu'),
      'camelot train has no option --gpu; see camelot train --help for what it has.',
    ],
    [
      'an option with a slip',
      train('--learning-rte', '1'),
      'camelot train has no option --learning-rte; did you mean --learning-rate?',
    ],
    ['an option of another command', ['models', '--stream'], /^camelot models has no option --stream;/],
    ['no model', ['train', '--dataset', 'd'], 'camelot train needs --model M; see camelot train --help.'],
    ['no data set', ['train', '--model', 'm'], 'camelot train needs --dataset D; see camelot train --help.'],
    ['no prompt', ['generate', '--model', 'm'], 'camelot generate needs --prompt P; see camelot generate --help.'],
    ['nothing to resume', ['resume'], 'camelot resume needs RUN; see camelot resume --help.'],
    [
      'two things to import',
      ['import', 'a', 'b'],
      'camelot import does not know what to do with “b”; see camelot import --help.',
    ],
    ['an option without its value', train('--seed'), '--seed needs a value; see camelot train --help.'],
    [
      'a learning rate that is no number',
      train('--learning-rate', 'NaN'),
      '--learning-rate must be a number above 0, not “NaN”.',
    ],
    [
      'a learning rate without end',
      train('--learning-rate', 'Infinity'),
      '--learning-rate must be a number above 0, not “Infinity”.',
    ],
    ['a learning rate of 0', train('--learning-rate', '0'), '--learning-rate must be a number above 0, not “0”.'],
    ['0 epochs', train('--num-train-epochs', '0'), '--num-train-epochs must be a number above 0, not “0”.'],
    ['0 steps', train('--max-steps', '0'), '--max-steps must be -1 or a whole number of at least 1, not “0”.'],
    [
      'half a row',
      train('--per-device-train-batch-size', '0.5'),
      '--per-device-train-batch-size must be a whole number of at least 1, not “0.5”.',
    ],
    [
      'an empty batch',
      train('--per_device_train_batch_size=0'),
      '--per-device-train-batch-size must be a whole number of at least 1, not “0”.',
    ],
    [
      'a length of one token',
      train('--max-length', '1'),
      '--max-length must be a whole number of at least 2, not “1”.',
    ],
    [
      'all rows held out',
      train('--validation-split', '1'),
      '--validation-split must be a number of at least 0 and below 1, not “1”.',
    ],
    ['an unknown method', train('--method', 'magic'), '--method must be lora, qlora or full, not “magic”.'],
    [
      'an unknown schedule',
      train('--lr-scheduler-type', 'steep'),
      '--lr-scheduler-type must be linear, cosine, cosine_with_restarts, cosine_with_min_lr, polynomial, constant, constant_with_warmup, inverse_sqrt or warmup_stable_decay, not “steep”.',
    ],
    ['a rank of 0', train('--lora-r', '0'), '--lora-r must be a whole number from 1 to 1024, not “0”.'],
    ['a negative seed', train('--seed', '-1'), '--seed must be a whole number from 0 to 4294967295, not “-1”.'],
    [
      'validation rows twice',
      train('--validation', 'v', '--validation-split', '0.2'),
      '--validation and --validation-split exclude each other; give one of them.',
    ],
    [
      'a temperature below 0',
      generate('--temperature', '-0.1'),
      '--temperature must be a number from 0 to 10, not “-0.1”.',
    ],
    ['a top-p above 1', generate('--top-p', '1.5'), '--top-p must be a number above 0 and of at most 1, not “1.5”.'],
    [
      'no new tokens',
      generate('--max-new-tokens', '0'),
      '--max-new-tokens must be a whole number of at least 1, not “0”.',
    ],
    ['an empty stop text', generate('--stop', ''), '--stop must not be empty.'],
    [
      'a port that does not exist',
      ['serve', '--port', '70000'],
      '--port must be a whole number from 0 to 65535, not “70000”.',
    ],
    [
      'an unknown format',
      ['export', 'm', '--format', 'zip', '--output', 'o'],
      '--format must be peft or safetensors, not “zip”.',
    ],
    [
      'an adapter in another type',
      ['export', 'm', '--format', 'peft', '--output', 'o', '--quantization', 'f16'],
      '--quantization is for --format safetensors; an adapter is written as it was trained.',
    ],
  ])('%s', async (_what, words, sentence) => {
    await expectRefusal(bench, { words, status: 2, sentence })
    expect(existsSync(bench.home)).toBe(false)
  })
})

describe('refuses, once the model and the data are known,', () => {
  const onRows = (...words: string[]) => ['train', '--model', 'tiny', '--dataset', 'sixty', ...words]

  beforeAll(async () => {
    await bench.run(['import', tinyModel, '--name', 'tiny'])
    await bench.run(['import', rows, '--name', 'sixty'])
  })

  it.each<[string, string[], string | RegExp]>([
    [
      'an evaluation of nothing',
      onRows('--validation-split', '0', '--eval-strategy', 'epoch'),
      /^--eval-strategy is epoch, but there are no validation rows: .+\.$/,
    ],
    [
      'patience without an evaluation',
      onRows('--eval-strategy', 'no', '--early-stopping-patience', '2'),
      '--early-stopping-patience needs an evaluation: set --eval-strategy to steps or epoch.',
    ],
    [
      'the best of what is not measured',
      onRows('--eval-strategy', 'no', '--load-best-model-at-end'),
      '--load-best-model-at-end needs an evaluation: set --eval-strategy to steps or epoch.',
    ],
    [
      'an adapter of a model without one',
      ['export', 'tiny', '--format', 'peft', '--output', 'o'],
      '"tiny" is a whole model and has no adapter: export it as safetensors.',
    ],
  ])('%s', async (_what, words, sentence) => {
    await expectRefusal(bench, { words, status: 2, sentence })
  })

  it('names that nothing has', async () => {
    for (const [words, sentence] of [
      [
        ['train', '--model', 'nobody', '--dataset', 'sixty'],
        'There is no model “nobody”; give a name from “camelot models”, a folder, or a run from “camelot runs”.',
      ],
      [
        onRows('--validation', 'nobody'),
        'There is no data set “nobody”; give a file, or a name from “camelot datasets”.',
      ],
      [['resume', 'nobody'], 'There is no run “nobody”; “camelot runs” lists them.'],
      [['generate', '--model', 'nobody@5', '--prompt', 'p'], /^There is no model “nobody@5”; .+\.$/],
      [
        ['eval', '--model', './nobody', '--dataset', 'sixty'],
        `There is no folder ${bench.at('nobody')}; give a model folder, or a name from “camelot models”.`,
      ],
      [
        ['export', rows, '--format', 'safetensors', '--output', 'o'],
        `${rows} is a file; a model is a folder with config.json, tokenizer.json and *.safetensors.`,
      ],
    ] as const)
      await expectRefusal(bench, { words, status: 1, sentence })
  })

  it('a checkpoint that a run does not have, and a run that has none', async () => {
    await bench.run(onRows('--max-steps', '20', '--name', 'short'))
    await expectRefusal(bench, {
      words: ['generate', '--model', 'short@7', '--prompt', 'p'],
      status: 1,
      sentence: 'Run “short” has no checkpoint at step 7; it has 10, 20.',
    })
    await bench.run(onRows('--seed', '13', '--name', 'failed'))
    await expectRefusal(bench, {
      words: ['generate', '--model', 'failed', '--prompt', 'p'],
      status: 1,
      sentence: /^Run “failed” has no checkpoint yet; “camelot resume run-\w+” goes on with it\.$/,
    })
  })

  it('a name that two things have', async () => {
    writeFileSync(bench.at('again.jsonl'), '{"text":"a"}\n')
    await bench.run(['import', bench.at('again.jsonl'), '--name', 'sixty'])
    await expectRefusal(bench, {
      words: onRows(),
      status: 1,
      sentence: /^2 data sets are named “sixty”; give an id: data-\w+, data-\w+\.$/,
    })
  })

  it('a folder that is no model', async () => {
    mkdirSync(bench.at('empty'))
    await expectRefusal(bench, { words: ['import', 'empty'], status: 1, sentence: /empty.*config\.json/ })
    const models = (await bench.run(['models', '--json'])).json()
    expect(models.filter(({ bundled }) => !bundled).map(({ name }) => name)).toEqual(['tiny'])
  })
})
