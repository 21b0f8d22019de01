// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { chosenItems, classify, type DroppedItem, readDrop } from './dropped-items'

/** The path inside a chosen folder is empty for a loose file. */
const file = (name: string, webkitRelativePath = '') =>
  Object.defineProperty(new File(['x'], name), 'webkitRelativePath', { value: webkitRelativePath })
const loose = (name: string): DroppedItem => ({ kind: 'file', file: file(name) })
const folder = (name: string, ...paths: string[]): DroppedItem => ({
  kind: 'folder',
  name,
  files: paths.map((path) => ({ path, file: file(path.split('/').at(-1)!) })),
  handle: null,
})

describe('classify', () => {
  it('takes data files, several at once, whatever the case of their endings', () => {
    const intake = classify(['a.jsonl', 'b.JSON', 'c.csv', 'd.Txt'].map(loose))
    expect(intake.datasets.map(({ name }) => name)).toEqual(['a.jsonl', 'b.JSON', 'c.csv', 'd.Txt'])
    expect(intake.refused).toEqual([])
  })

  it('takes a folder with config.json as a model, and of it only what a model needs', () => {
    const intake = classify([
      folder('tiny', 'config.json', 'model.safetensors', 'tokenizer.json', 'optimizer.pt', '.git/config.json'),
    ])
    expect(intake.models.map(({ name, files }) => [name, files.map(({ path }) => path)])).toEqual([
      ['tiny', ['config.json', 'model.safetensors', 'tokenizer.json']],
    ])
    expect(intake.datasets).toEqual([])
  })

  it('takes the data files of any other folder', () => {
    const intake = classify([folder('data', 'a.jsonl', 'deep/b.csv', 'picture.png')])
    expect(intake.datasets.map(({ name }) => name)).toEqual(['a.jsonl', 'b.csv'])
  })

  it.each([
    [loose('song.mp3'), /song\.mp3 cannot be read/],
    [loose('model.safetensors'), /Drop the whole folder/],
    [folder('empty'), /neither a config\.json nor data files/],
  ])('says in a sentence what cannot be used', (item, words) =>
    expect(classify([item])).toEqual({ datasets: [], models: [], refused: [expect.stringMatching(words)] }),
  )
})

it('readDrop walks folders whose listing comes in parts', async () => {
  const entry = (name: string) => ({
    name,
    isFile: true,
    isDirectory: false,
    file: (done: (file: File) => void) => done(file(name)),
  })
  const parts = [[entry('config.json')], [entry('tokenizer.json')], []]
  const directory = {
    name: 'tiny',
    isFile: false,
    isDirectory: true,
    createReader: () => ({ readEntries: (done: (entries: unknown[]) => void) => done(parts.shift() ?? []) }),
  }
  const items = [
    { kind: 'file', webkitGetAsEntry: () => directory, getAsFile: () => file('tiny') },
    { kind: 'file', webkitGetAsEntry: () => ({ isDirectory: false }), getAsFile: () => file('rows.csv') },
    { kind: 'string' },
  ]
  const read = await readDrop({ items } as unknown as DataTransfer)
  expect(read.map((item) => (item.kind === 'folder' ? item.files.map(({ path }) => path) : item.file.name))).toEqual([
    ['config.json', 'tokenizer.json'],
    'rows.csv',
  ])
})

it('chosenItems tells a chosen folder from chosen files', () => {
  const inside = file('config.json', 'tiny/config.json')
  expect(chosenItems([inside] as unknown as FileList)).toMatchObject([{ kind: 'folder', name: 'tiny' }])
  expect(chosenItems([file('a.csv')] as unknown as FileList)).toMatchObject([{ kind: 'file' }])
})
