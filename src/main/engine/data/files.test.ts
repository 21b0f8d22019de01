import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ImportedRows, type ImportRowsEvent, importRows, readRowsPage } from './files'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'import-'))
})
afterEach(() => rm(folder, { recursive: true }))

const target = () => join(folder, 'imported')

async function finish(events: AsyncGenerator<ImportRowsEvent>): Promise<ImportedRows> {
  for await (const event of events) if (event.type === 'done') return event.imported
  throw new Error('The import ended without its last event.')
}

/** Imports a file of this content; answers what was learned and all rows. */
async function imported(name: string, content: string | Buffer) {
  await writeFile(join(folder, name), content)
  const result = await finish(importRows(join(folder, name), target()))
  return { ...result, all: await readRowsPage(target(), 0, 1000) }
}

const rows = [
  { prompt: 'a', completion: ' b' },
  { prompt: 'c', completion: ' d\n"e" é 🙂' },
]
const lines = rows.map((row) => JSON.stringify(row)).join('\n')

describe('what is read', () => {
  it.each([
    ['rows.jsonl', `${lines}\n`, 'jsonl'],
    ['no-last-break.jsonl', lines, 'jsonl'],
    ['crlf.jsonl', lines.replaceAll('\n{', '\r\n\r\n{'), 'jsonl'],
    ['mark.jsonl', `\uFEFF${lines}`, 'jsonl'],
    ['really-lines.json', lines, 'jsonl'],
    ['rows.ndjson', lines, 'jsonl'],
    ['no-extension', lines, 'jsonl'],
    ['rows.json', JSON.stringify(rows), 'json'],
    ['pretty.json', JSON.stringify(rows, null, 2), 'json'],
    ['mark.json', `\uFEFF${JSON.stringify(rows, null, 2)}`, 'json'],
    ['really-a-list.jsonl', JSON.stringify(rows), 'json'],
    ['wrapped.json', JSON.stringify({ version: 1, info: { tags: ['x', ']'] }, data: rows, end: '[' }), 'json'],
    ['rows.csv', 'prompt,completion\na, b\nc," d\n""e"" é 🙂"\n', 'csv'],
    ['crlf.csv', 'prompt,completion\r\na, b\r\nc," d\r\n""e"" é 🙂"\r\n\r\n', 'csv'],
    ['mark.csv', '\uFEFFprompt,completion\na, b\nc," d\n""e"" é 🙂"', 'csv'],
    ['semicolon.csv', 'prompt;completion\na; b\nc;" d\n""e"" é 🙂"\n', 'csv'],
    ['tab.tsv', 'prompt\tcompletion\na\t b\nc\t" d\n""e"" é 🙂"\n', 'csv'],
  ])('%s', async (name, content, format) => {
    const result = await imported(name, content)
    expect(result).toMatchObject({ format, rows: 2, columns: ['prompt', 'completion'], problems: [] })
    expect(result.mapping).toEqual({ kind: 'completion', prompt: 'prompt', completion: 'completion' })
    expect(result.all).toEqual(rows)
  })

  it('takes each paragraph of a text as a row', async () => {
    const result = await imported('tale.txt', '\r\nOnce\r\nupon a time.\r\n \r\n\r\nThe end.')
    expect(result).toMatchObject({ format: 'txt', columns: ['text'], mapping: { kind: 'text', text: 'text' } })
    expect(result.all).toEqual([{ text: 'Once\nupon a time.' }, { text: 'The end.' }])
  })

  it('says when a long text is a single row', async () => {
    const { problems } = await imported('tale.txt', 'line\n'.repeat(1000))
    expect(problems).toEqual([expect.stringContaining('no empty lines')])
  })

  it('unites the columns of rows that differ, keeps nested values and says what is missing', async () => {
    const content = '{"text":"a","tags":["x",{"y":1}]}\n{"text":"","source":null}\n{"source":"s"}\n'
    const result = await imported('rows.jsonl', content)
    expect(result.columns).toEqual(['text', 'tags', 'source'])
    expect(result.problems).toEqual(['2 rows have nothing in the column "text".'])
    expect(result.all[0]).toEqual({ text: 'a', tags: ['x', { y: 1 }] })
  })

  it('names CSV columns that have no name or share one, and passes over missing fields', async () => {
    const { columns, all } = await imported('odd.csv', 'text,,text\n"say ""hi""",2\n')
    expect(columns.slice(0, 2)).toEqual(['text', 'column 2'])
    expect(all).toEqual([{ text: 'say "hi"', 'column 2': '2' }])
  })

  it('keeps keys that name parts of every object', async () => {
    const { all, columns } = await imported('rows.jsonl', '{"__proto__":"a","constructor":"b"}\n')
    expect(columns).toEqual(['__proto__', 'constructor'])
    expect(Object.entries(all[0]!)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })

  it('reads a JSON list that is cut into chunks anywhere', async () => {
    const many = Array.from({ length: 5000 }, (_, id) => ({ id, text: `"[{é🙂,${'x'.repeat(id % 997)}\\` }))
    const file = join(folder, 'large.json')
    await writeFile(file, JSON.stringify({ rows: many }, null, 1))
    expect((await finish(importRows(file, target()))).rows).toBe(5000)
    expect(await readRowsPage(target(), 4998, 10)).toEqual(many.slice(4998))
  })

  it('reads no rows from beyond the last', async () => {
    await imported('rows.jsonl', lines)
    expect(await readRowsPage(target(), 1, 1)).toEqual([rows[1]])
    expect(await readRowsPage(target(), 2, 5)).toEqual([])
    expect(await readRowsPage(target(), 99, 5)).toEqual([])
  })
})

describe('what is refused, with a sentence and nothing left behind', () => {
  const huge = `{"text":"${'x'.repeat(16 * 1024 * 1024)}"}`
  it.each<[string, string, string | Buffer, RegExp]>([
    ['an empty file', 'a.jsonl', '', /^a\.jsonl is empty\. Choose a file/],
    ['a byte order mark alone', 'a.jsonl', '\uFEFF', /no rows/],
    ['empty lines alone', 'a.jsonl', '\n\n', /no rows/],
    ['an empty list', 'a.json', '[ ]', /no rows/],
    ['a header alone', 'a.csv', 'text\n', /no rows/],
    ['a text of spaces', 'a.txt', ' \n \n', /no rows/],
    ['empty objects', 'a.jsonl', '{}\n{}\n', /empty objects/],
    ['broken JSON', 'a.jsonl', '{"text":"a"}\n{"text":\n', /^Line 2 of a\.jsonl is not valid JSON/],
    [
      'a word in JSON',
      'a.jsonl',
      '{"text":"a"}\n{"text": no}',
      /^Line 2 of a\.jsonl is not valid JSON: Unexpected token 'o' in "{"text": no}"\.$/,
    ],
    ['a line that is no object', 'a.jsonl', '{"text":"a"}\n\n"b"\n', /^Line 3 of a\.jsonl is not a JSON object/],
    ['a row of a list that is no object', 'a.json', '[\n{"a":1},\n[2]]', /^The row on line 3 .* not a JSON object/],
    ['a broken row of a list', 'a.json', '[\n{"a":1},\n{"a":}]', /^The row on line 3 .* not valid JSON/],
    ['a missing comma', 'a.json', '[{"a":1} {"a":2}]', /not valid JSON/],
    ['a comma too many', 'a.json', '[{"a":1},]', /not valid JSON/],
    ['a list that does not end', 'a.json', '[{"a":1},', /ends before its JSON does/],
    ['brackets that do not match', 'a.json', '[{"a":[1}]', /ends before its JSON does|not valid JSON/],
    ['something after the list', 'a.json', '[{"a":1}] x', /not valid JSON/],
    ['two lists', 'a.json', '{"a":[{"x":1}],"b":[{"x":2}]}', /more than one list/],
    ['no list', 'a.json', '{\n"a":{"b":1}\n}', /no list of rows/],
    ['JSON that is nothing of that', 'a.json', 'hello', /not valid JSON/],
    ['bytes that are not UTF-8', 'a.jsonl', Buffer.from('{"t":"a"}\n{"t":"\xe9"}\n', 'latin1'), /^Line 2 .*UTF-8/],
    ['a list that is not UTF-8', 'a.json', Buffer.from('[{"t":"a"},\n{"t":"\xe9"}]', 'latin1'), /line 2 .*UTF-8/],
    ['a table that is not UTF-8', 'a.csv', Buffer.from('t\na\n\xe9\n', 'latin1'), /^Line 3 .*UTF-8/],
    ['UTF-16', 'a.txt', Buffer.from('\uFEFFhello', 'utf16le'), /UTF-16/],
    ['a picture', 'a.txt', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]), /not a text file/],
    ['a huge line', 'a.jsonl', `{"text":"a"}\n${huge}\n`, /^Line 2 of a\.jsonl is longer than 16 MiB/],
    ['a huge row of a list', 'a.json', `[{"text":"a"},\n${huge}]`, /^Line 2 of a\.json is longer than 16 MiB/],
    ['a huge paragraph', 'a.txt', `${'word '.repeat(400)}\n`.repeat(8500), /^The paragraph on line 1 .*16 MiB/],
    ['a quote that stays open', 'a.csv', 'a,b\n1,"2\n3,4\n', /closing double quote is missing/],
    ['more fields than columns', 'a.csv', 'a,b\n1,2\n1,2,3\n', /^Line 3 of a\.csv has 3 fields/],
    ['a key for every row', 'a.jsonl', Array.from({ length: 1001 }, (_, i) => `{"k${i}":1}`).join('\n'), /^Line 1001 /],
  ])('%s', async (_, name, content, sentence) => {
    await writeFile(join(folder, name), content)
    await expect(finish(importRows(join(folder, name), target()))).rejects.toMatchObject({
      code: 'bad_data',
      message: expect.stringMatching(sentence),
    })
    expect(await readdir(folder)).toEqual([name])
  })

  it('a file that is not there, and a folder', async () => {
    await expect(finish(importRows(join(folder, 'none.csv'), target()))).rejects.toThrow('There is no file')
    await expect(finish(importRows(folder, target()))).rejects.toThrow('is a folder')
  })

  it('a place that cannot be written', async () => {
    await writeFile(join(folder, 'a.jsonl'), lines)
    const below = join(folder, 'a.jsonl', 'imported')
    await expect(finish(importRows(join(folder, 'a.jsonl'), below))).rejects.toMatchObject({ code: 'disk' })
  })
})

describe('an import that is given up', () => {
  const large = async () => {
    const file = join(folder, 'large.jsonl')
    await writeFile(file, `{"text":"${'x'.repeat(1000)}"}\n`.repeat(20_000))
    return file
  }

  it('leaves nothing when it is aborted', async () => {
    const file = await large()
    const controller = new AbortController()
    controller.abort(new Error('given up'))
    await expect(finish(importRows(file, target(), { signal: controller.signal }))).rejects.toThrow('given up')
    expect(await readdir(folder)).toEqual(['large.jsonl'])
  })

  it('leaves nothing when nobody asks for more', async () => {
    const events = importRows(await large(), target())
    for await (const event of events) {
      expect(event.type).toBe('progress')
      break
    }
    expect(await readdir(folder)).toEqual(['large.jsonl'])
  })

  it('leaves what is in its place alone', async () => {
    await writeFile(join(folder, 'a.jsonl'), lines)
    await mkdir(target())
    await writeFile(join(target(), 'mine'), 'kept')
    await expect(finish(importRows(join(folder, 'a.jsonl'), target()))).rejects.toMatchObject({ code: 'disk' })
    expect(await readFile(join(target(), 'mine'), 'utf8')).toBe('kept')
    expect((await readdir(folder)).sort()).toEqual(['a.jsonl', 'imported'])
  })
})
