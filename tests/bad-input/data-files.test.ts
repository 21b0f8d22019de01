/** Data files that cannot be read as rows, and two kinds that only look wrong and are read. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, fixture, openBench, tinyModel } from '../cli/support/camelot'
import { expectRefusal } from './support/refusals'

let bench: Bench

beforeAll(async () => {
  bench = await openBench(fixture('fake-engine.cjs'))
  await bench.run(['import', tinyModel, '--name', 'tiny'])
})
afterAll(() => bench.close())

const row = '{"prompt":"a","completion":"b"}'
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46, 0, 1])

type Case = [what: string, file: string, content: string | Buffer, sentence: string | RegExp]
const cases: Case[] = [
  ['an empty file', 'rows.jsonl', '', 'rows.jsonl is empty. Choose a file with at least one row.'],
  ['a file of empty lines', 'rows.jsonl', '\n\n  \n', 'rows.jsonl has no rows.'],
  [
    'a file that breaks off',
    'rows.jsonl',
    `${row}\n{"prompt":"a","comp`,
    /^Line 2 of rows\.jsonl is not valid JSON: .+\.$/,
  ],
  [
    'a line of another language',
    'rows.jsonl',
    `${row}\n\nprompt: a\n`,
    /^Line 3 of rows\.jsonl is not valid JSON: .+\.$/,
  ],
  [
    'a line that is a list',
    'rows.jsonl',
    `${row}\n["a","b"]\n`,
    'Line 2 of rows.jsonl is not a JSON object. Each line should be like {"text": "…"}.',
  ],
  ['a line that is a number', 'rows.jsonl', `${row}\n42\n`, /^Line 2 of rows\.jsonl is not a JSON object\. .+\.$/],
  ['rows that are empty objects', 'rows.jsonl', '{}\n{}\n', 'The rows of rows.jsonl are all empty objects.'],
  [
    'a line that is not UTF-8',
    'rows.jsonl',
    Buffer.concat([Buffer.from(`${row}\n{"text":"caf`), Buffer.from([0xe9]), Buffer.from('"}\n')]),
    'Line 2 of rows.jsonl is not UTF-8 text. Save the file again in the UTF-8 encoding.',
  ],
  [
    'a file in UTF-16',
    'rows.csv',
    Buffer.from('\ufeffprompt,completion\na,b\n', 'utf16le'),
    'rows.csv is UTF-16 text. Save the file again in the UTF-8 encoding.',
  ],
  ['a picture', 'rows.jsonl', jpeg, 'rows.jsonl is not a text file. Choose a JSONL, JSON, CSV or TXT file.'],
  [
    'a picture without a telling name',
    'picture',
    jpeg,
    'picture is not a text file. Choose a JSONL, JSON, CSV or TXT file.',
  ],
  [
    'a line of seventeen million letters',
    'rows.jsonl',
    `${row}\n{"text":"${'x'.repeat(17 * 2 ** 20)}"}\n`,
    'Line 2 of rows.jsonl is longer than 16 MiB. Split it into shorter rows.',
  ],
  [
    'a JSON file that breaks off',
    'rows.json',
    `[${row},\n{"prompt":"a"`,
    'rows.json ends before its JSON does. Copy or download it again.',
  ],
  ['a JSON list of texts', 'rows.json', '["a", "b"]', /^The row on line 1 of rows\.json is not a JSON object\. .+\.$/],
  ['a JSON object without rows', 'rows.json', '{\n"name": "x"\n}', /^rows\.json holds no list of rows\. .+\.$/],
  [
    'a JSON file with a comma too many',
    'rows.json',
    `[${row},\n]`,
    /^The row on line 2 of rows\.json is not valid JSON: .+\.$/,
  ],
  [
    'a CSV row with too many fields',
    'rows.csv',
    'prompt,completion\na,b\na,b,c\n',
    'Line 3 of rows.csv has 3 fields, the first line names 2 columns. Put texts that hold the delimiter in double quotes.',
  ],
  [
    'a CSV quote that is not closed',
    'rows.csv',
    'prompt,completion\na,"b\nc,d\n',
    /^rows\.csv ends inside a quoted text: .+\.$/,
  ],
  ['a CSV file with a heading alone', 'rows.csv', 'prompt,completion\n', 'rows.csv has no rows.'],
]

describe.each(['import', 'train'])('%s refuses', (command) => {
  it.each(command === 'import' ? cases : cases.slice(0, 3))('%s', async (_what, name, content, sentence) => {
    writeFileSync(bench.at(name), content)
    const words =
      command === 'import'
        ? ['import', bench.at(name), '--json']
        : ['train', '--model', 'tiny', '--dataset', bench.at(name), '--json']
    await expectRefusal(bench, { words, status: 1, sentence })
  })

  it('a file that is not there', async () => {
    const path = bench.at('nowhere.jsonl')
    await expectRefusal(
      bench,
      command === 'import'
        ? { words: ['import', path], status: 1, sentence: `There is no file or folder ${path}; check the path.` }
        : {
            words: ['train', '--model', 'tiny', '--dataset', path],
            status: 1,
            sentence: `There is no file ${path}; give a data file, or a name from “camelot datasets”.`,
          },
    )
  })
})

it('train refuses a folder as a data set', async () => {
  mkdirSync(bench.at('folder.jsonl'))
  await expectRefusal(bench, {
    words: ['train', '--model', 'tiny', '--dataset', './folder.jsonl'],
    status: 1,
    sentence: `${bench.at('folder.jsonl')} is a folder. Choose a JSONL, JSON, CSV or TXT file.`,
  })
})

it('leaves the catalogue as it was', async () => {
  const datasets = (await bench.run(['datasets', '--json'])).json()
  expect(datasets.map(({ name }) => name)).toEqual(['Camelot facts'])
  expect((await bench.run(['runs', '--json'])).json()).toEqual([])
})

describe('what only looks wrong is read', () => {
  it.each([
    ['a byte order mark', 'mark.jsonl', `\ufeff${row}\n${row}\n`, 2],
    ['Windows line ends', 'windows.jsonl', `${row}\r\n${row}\r\n`, 2],
    ['no line end at the end', 'end.jsonl', `${row}\n${row}`, 2],
    ['both in CSV', 'both.csv', '\ufeffprompt,completion\r\n"a, ""b""\r\nc",d\r\n', 1],
    ['a CSV row with too few fields', 'few.csv', 'prompt,completion\na,b\nc\n', 2],
    ['a name that says nothing', 'rows', `${row}\n`, 1],
  ])('%s', async (_what, name, content, rows) => {
    writeFileSync(bench.at(name), content)
    const { status, json } = await bench.run(['import', bench.at(name), '--json'])
    expect(status).toBe(0)
    expect(json()).toEqual([expect.objectContaining({ rows, columns: ['prompt', 'completion'] })])
  })
})
