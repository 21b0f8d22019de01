/** Places that cannot be written or read: the data folder, output folders, a full disk, a catalogue that is none. */
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bench, fixture, openBench, tinyModel } from '../cli/support/camelot'
import { type Release, readOnlyFolder, smallDisk } from './support/disks'
import { expectRefusal } from './support/refusals'

let bench: Bench
const rows = fixture('gpt2-tiny/rows.jsonl')

beforeAll(async () => {
  bench = await openBench()
  await bench.run(['import', rows, '--name', 'rows'])
  await bench.run(['import', tinyModel, '--name', 'tiny'])
})
afterAll(() => bench.close())

let unlock: Release | null = null
beforeAll(() => {
  unlock = readOnlyFolder(bench.at('locked'))
})
afterAll(() => unlock?.())

/** Linux says of every folder to be made there that it cannot be found, as if the one above were missing. */
const hasProc = existsSync('/proc/self')

const train = (...words: string[]) => ['train', '--model', 'tiny', '--dataset', 'rows', '--max-steps', '2', ...words]

describe('a data folder', () => {
  it('that is a file is refused', async () => {
    const home = bench.at('home-file')
    writeFileSync(home, 'mine')
    await expectRefusal(bench, {
      words: ['models'],
      options: { home },
      status: 1,
      sentence: /home-file cannot be used: a file is in its place\. Choose another/,
    })
    expect(readFileSync(home, 'utf8')).toBe('mine')
  })

  it('under a file is refused', async () => {
    writeFileSync(bench.at('letter'), 'mine')
    await expectRefusal(bench, {
      words: ['models', '--home', 'letter/home'],
      status: 1,
      sentence: /letter\/home cannot be used: a file is in its place\. Choose another/,
    })
  })

  it.runIf(hasProc)('where no folder can be is refused, at once', async () => {
    await expectRefusal(bench, {
      words: ['models', '--home', '/proc/camelot/home'],
      status: 1,
      sentence: /^The data folder \/proc\/camelot\/home cannot be used: it cannot be made there\. Choose another/,
    })
  })

  it('that cannot be made is refused', async ({ skip }) => {
    if (!unlock) return skip('no folder is read-only for us')
    await expectRefusal(bench, {
      words: ['runs', '--home', 'locked/home'],
      status: 1,
      sentence: /locked\/home cannot be used: .*(permission|read-only|made)/,
    })
  })

  it('whose catalogue is something else is refused, and the file is let be', async () => {
    const home = bench.at('strange')
    mkdirSync(home)
    const content = 'This is no database, it is a letter to a friend. '.repeat(200)
    writeFileSync(join(home, 'catalogue.sqlite'), content)
    const { status, notes } = await bench.run(['models'], { home })
    expect(status).toBe(1)
    expect(notes).toMatch(/^camelot: [^\n]*strange[^\n]*catalogue[^\n]*\.\n$/)
    expect(readFileSync(join(home, 'catalogue.sqlite'), 'utf8')).toBe(content)
  })

  it('of a newer version is refused', async () => {
    const home = bench.at('newer')
    await bench.run(['models'], { home })
    const database = new Database(join(home, 'catalogue.sqlite'))
    database.exec('PRAGMA user_version = 999')
    database.close()
    const { status, notes } = await bench.run(['models'], { home })
    expect(status).toBe(1)
    expect(notes).toMatch(/^camelot: .*written by a newer Camelot Studio.*\.\n$/)
  })
})

describe('an output folder', () => {
  it('that is a file is refused', async () => {
    writeFileSync(bench.at('output'), 'mine')
    await expectRefusal(bench, { words: train('--output-dir', 'output'), status: 1, sentence: /output/ })
    expect(readFileSync(bench.at('output'), 'utf8')).toBe('mine')
  })

  it('for the log that is a file is refused', async () => {
    writeFileSync(bench.at('logs'), 'mine')
    await expectRefusal(bench, { words: train('--logging-dir', 'logs'), status: 1, sentence: /^Cannot write .*logs: / })
    expect(readFileSync(bench.at('logs'), 'utf8')).toBe('mine')
  })

  it.runIf(hasProc).each(['--output-dir', '--logging-dir'])('where no folder can be is refused: %s', async (option) => {
    await expectRefusal(bench, {
      words: train(option, '/proc/camelot/results'),
      status: 1,
      sentence: /^Cannot write \/proc\/camelot\/results: it cannot be made there\. Choose another folder\.$/,
    })
  })

  it.runIf(hasProc).each([
    ['/proc/camelot/export', /^Cannot write \/proc\/camelot: it cannot be made there\. Choose another folder\.$/],
    ['/proc/export', /^There is too little room in \/proc: [\d.]+ kB are needed, 0 B are free\. /],
  ])('of an export where no folder can be is refused: %s', async (folder, sentence) => {
    await expectRefusal(bench, {
      words: ['export', 'tiny', '--format', 'safetensors', '--output', folder],
      status: 1,
      sentence,
    })
  })

  it.for(['locked', 'locked/results'])('that cannot be written is refused: %s', async (folder, { skip }) => {
    if (!unlock) return skip('no folder is read-only for us')
    await expectRefusal(bench, {
      words: train('--output-dir', folder),
      status: 1,
      sentence: /^Cannot write .*\/locked.*(permission|read-only|made)/,
    })
  })

  it('of an export that is there is refused, and what is there stays', async () => {
    mkdirSync(bench.at('there'))
    writeFileSync(bench.at('there/letter.txt'), 'mine')
    const words = ['export', 'tiny', '--format', 'safetensors', '--output', 'there']
    await expectRefusal(bench, { words, status: 1, sentence: /there.*(overwrite|another)/ })
    await expectRefusal(bench, {
      words: [...words, '--overwrite'],
      status: 1,
      sentence: /there is not an earlier export/,
    })
    expect(readFileSync(bench.at('there/letter.txt'), 'utf8')).toBe('mine')
  })

  it('of an export under a file is refused', async () => {
    writeFileSync(bench.at('file'), 'mine')
    await expectRefusal(bench, {
      words: ['export', 'tiny', '--format', 'safetensors', '--output', 'file/under'],
      status: 1,
      sentence: /file\/under|file/,
    })
  })
})

it('standard output that is full is an error, not silence', () => {
  if (!existsSync('/dev/full')) return console.warn('SKIPPED: this system has no /dev/full.')
  const program = join(bench.program, 'out/main/cli.cjs')
  const { status, stderr } = spawnSync('sh', ['-c', `"${process.execPath}" "${program}" models > /dev/full`], {
    env: { ...process.env, CAMELOT_HOME: bench.home },
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([
    1,
    'camelot: Standard output cannot be written: the disk is full; free some space and try again.\n',
  ])
})

describe('a full disk', () => {
  const disk = () => bench.at('disk')
  let unmount: Release | null = null

  beforeAll(() => {
    unmount = smallDisk(disk(), '400k')
  })
  afterAll(() => unmount?.())

  it('fails a run with a sentence and leaves no half checkpoint', async ({ skip }) => {
    if (!unmount) return skip('no right to mount')
    writeFileSync(join(disk(), 'ballast'), Buffer.alloc(300_000))
    const { status, notes } = await bench.run(train('--output-dir', join(disk(), 'results')))
    expect(status).toBe(1)
    expect(notes).toMatch(/^camelot: [^\n]*disk\/results[^\n]*disk is full[^\n]*\.\n$/i)
    expect(everythingIn(join(disk(), 'results'))).toEqual([])
  })

  it('fails an export with a sentence and leaves nothing of it', async ({ skip }) => {
    if (!unmount) return skip('no right to mount')
    await expectRefusal(bench, {
      words: ['export', 'tiny', '--format', 'safetensors', '--output', join(disk(), 'export')],
      status: 1,
      sentence: /too little room|disk is full/i,
    })
    expect(existsSync(join(disk(), 'export'))).toBe(false)
  })

  it('fails an import with a sentence and leaves nothing of it', async ({ skip }) => {
    if (!unmount) return skip('no right to mount')
    rmSync(join(disk(), 'ballast'))
    const home = join(disk(), 'home')
    await bench.run(['models'], { home })
    const big = bench.at('big.jsonl')
    writeFileSync(big, '{"prompt":"a","completion":"b"}\n'.repeat(20_000))
    const before = readdirSync(join(home, 'datasets'))
    const { status, notes } = await bench.run(['import', big], { home })
    expect(status).toBe(1)
    expect(notes).toMatch(/^camelot: [^\n]*disk is full[^\n]*\.\n$/i)
    expect(readdirSync(join(home, 'datasets'))).toEqual(before)
  })
})

describe('a run', () => {
  it('whose model is gone cannot go on', async () => {
    const folder = bench.at('borrowed')
    mkdirSync(folder)
    for (const name of readdirSync(tinyModel)) copyFileSync(join(tinyModel, name), join(folder, name))
    const failed = await bench.run([
      'train',
      '--model',
      folder,
      '--dataset',
      'rows',
      '--name',
      'orphan',
      '--output-dir',
      'file/results',
    ])
    expect(failed.status).toBe(1)
    rmSync(folder, { recursive: true })
    await expectRefusal(bench, {
      words: ['resume', 'orphan'],
      status: 1,
      sentence: /^The model "borrowed" of the run "orphan" is gone from .+\.$/,
    })
  })

  it('whose last checkpoint is spoilt says so', async () => {
    const [start] = (await bench.run(train('--name', 'spoilt', '--output-dir', 'spoilt', '--json'))).json()
    expect(start).toMatchObject({ type: 'start' })
    const checkpoint = bench.at('spoilt', readdirSync(bench.at('spoilt'))[0]!)
    writeFileSync(join(checkpoint, 'adapter_model.safetensors'), 'x')
    expect(statSync(checkpoint).isDirectory()).toBe(true)
    await expectRefusal(bench, {
      words: ['generate', '--model', 'spoilt', '--prompt', 'x'],
      status: 1,
      sentence: /adapter_model\.safetensors is 1 bytes long/,
    })
  })
})

function everythingIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
}
