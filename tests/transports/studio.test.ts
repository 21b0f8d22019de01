/** The studio's own rules, called in this process with the fake engine. */
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStudio } from '../../src/main/studio'
import { type ChatEvent, defaultGenerationSettings, type ModelReference } from '../../src/shared/contract'
import {
  collect,
  eventually,
  fakeEngine,
  openTestStudio,
  stock,
  type TestStudio,
  tinyModel,
  writeRows,
} from './open-studio'

let opened: TestStudio
beforeEach(async () => {
  opened = await openTestStudio()
})
afterEach(() => opened.end())

const settings = defaultGenerationSettings
const client = () => opened.studio.client

/** A run that has finished. */
async function trained(given = {}) {
  const { model, dataset } = await stock(client(), opened.folder)
  const run = await client().training.start({ modelId: model.id, datasetId: dataset.id, arguments: given })
  await collect(await client().runs.watch({ id: run.id }))
  return { model, dataset, run: await client().runs.get({ id: run.id }) }
}

describe('the bundled model and data set', () => {
  const withResources = async () => {
    const resources = join(opened.folder, 'bundle')
    await cp(tinyModel, join(resources, 'models/merlin-mini'), { recursive: true })
    await mkdir(join(resources, 'datasets'))
    await writeRows(join(resources, 'datasets'), 'camelot.jsonl')
    return resources
  }
  const open = (resources: string) =>
    openStudio({
      home: join(opened.folder, 'other'),
      engineScript: fakeEngine,
      resources,
      version: '1',
      electron: null,
    })

  test('are there in a new home, follow the installation, and stay deleted', async () => {
    const resources = await withResources()
    const first = await open(resources)
    expect(await first.client.models.list({})).toMatchObject([{ name: 'merlin-mini', bundled: true, problem: null }])
    const [facts] = await first.client.datasets.list({})
    expect(facts).toMatchObject({ name: 'Camelot facts', sourceName: 'camelot.jsonl', rows: 40 })
    await first.close()

    const moved = join(opened.folder, 'moved')
    await cp(resources, moved, { recursive: true })
    await rm(resources, { recursive: true })
    const second = await open(moved)
    const [model] = await second.client.models.list({})
    expect(model).toMatchObject({ folder: join(moved, 'models/merlin-mini'), problem: null })
    expect(await second.client.datasets.list({})).toHaveLength(1)
    await second.client.models.remove({ id: model!.id })
    await second.client.datasets.remove({ id: facts!.id })
    await second.close()

    const third = await open(moved)
    expect(await third.client.models.list({})).toEqual([])
    expect(await third.client.datasets.list({})).toEqual([])
    expect(await readdir(join(moved, 'models'))).toEqual(['merlin-mini'])
    await third.close()
  })
})

describe('models', () => {
  test('a folder is listed once, and as it is now', async () => {
    const folder = join(opened.folder, 'mine')
    await cp(tinyModel, folder, { recursive: true })
    const source = { kind: 'path' as const, path: folder }
    const { id } = await client().models.add({ source, name: 'Mine' })
    expect((await client().models.add({ source })).id).toBe(id)
    await rm(join(folder, 'tokenizer.json'))
    expect(await client().models.list({})).toMatchObject([
      { name: 'Mine', problem: expect.stringContaining('tokenizer.json') },
    ])
    await cp(tinyModel, folder, { recursive: true })
    expect(await client().models.list({})).toMatchObject([{ problem: null }])
    await rm(folder, { recursive: true })
    expect(await client().models.list({})).toMatchObject([{ problem: `There is no folder ${folder}.` }])
    const { dataset } = await stock(client(), opened.folder)
    const request = { modelId: id, datasetId: dataset.id, arguments: {} }
    await expect(client().training.start(request)).rejects.toMatchObject({ code: 'UNREADABLE' })
    await client().models.remove({ id })
    expect(await client().models.list({})).toHaveLength(1)
  })

  test.each(['nowhere', 'a file'])('%s is not a folder', async (path) => {
    const file = join(opened.folder, path)
    if (path === 'a file') await writeFile(file, '')
    const added = client().models.add({ source: { kind: 'path', path: file } })
    await expect(added).rejects.toMatchObject({ code: 'UNREADABLE', data: { file } })
  })
})

describe('training', () => {
  test('an estimate knows tokens and time once they have been measured', async () => {
    const { model, dataset } = await trained()
    const request = { modelId: model.id, datasetId: dataset.id, arguments: { max_length: 32, num_train_epochs: 2 } }
    expect(await client().training.estimate(request)).toMatchObject({ tokensPerEpoch: null, seconds: null, steps: 18 })
    await client().datasets.statistics({ id: dataset.id, modelId: model.id, maxLength: 32 })
    // 400 tokens, nine tenths of the rows, two epochs, a thousand tokens a second.
    expect(await client().training.estimate(request)).toMatchObject({ tokensPerEpoch: 360, seconds: 0.72 })
  })

  test('an estimate says what each method would take, and the time once the processor is known', async () => {
    const { model, dataset } = await stock(client(), opened.folder)
    const request = { modelId: model.id, datasetId: dataset.id, arguments: { max_length: 32 } }
    const before = await client().training.estimate(request)
    expect(before.methods.map(({ id, seconds }) => [id, seconds])).toEqual(
      (['lora', 'qlora', 'int8', 'full'] as const).map((id) => [id, null]),
    )
    for (const { memoryBytes } of before.methods) expect(memoryBytes).toBeGreaterThan(1e8)
    expect(before.memory).toEqual({ freeBytes: expect.any(Number), shortage: null })
    await client().datasets.statistics({ id: dataset.id, modelId: model.id, maxLength: 32 })
    const report = await client().system.processor({})
    expect(report).toMatchObject({ rates: { float32: 100e9, int8: 160e9 }, advice: expect.stringContaining('int8') })
    const after = await client().training.estimate(request)
    for (const { seconds } of after.methods) expect(seconds).toBeGreaterThan(0)
  })

  test('measures each method asked for by a trial, and leaves no run', async () => {
    const { model, dataset } = await stock(client(), opened.folder)
    const request = { modelId: model.id, datasetId: dataset.id, arguments: { lora_r: 4 } }
    const events = await collect(await client().training.measure({ ...request, methods: ['qlora', 'lora'] }))
    const measured = events.flatMap((event) => (event.type === 'measured' ? [[event.method, event.measurement]] : []))
    expect(measured).toEqual([
      ['lora', { peakMemoryBytes: 2e9, secondsPerStep: 1, tokensPerSecond: 250, seconds: 40 }],
      ['qlora', { peakMemoryBytes: 5e8, secondsPerStep: 0.25, tokensPerSecond: 1_000, seconds: 10 }],
    ])
    expect(events).toContainEqual({ type: 'measuring', method: 'qlora', step: 2, steps: 2 })
    expect(await client().runs.list({})).toEqual([])
    expect(await readdir(join(opened.home, 'runs'))).toEqual([])
  })

  test('a trial that fails says why; one that is left ends its process', async () => {
    const { model, dataset } = await stock(client(), opened.folder)
    const measure = (given: object) =>
      client().training.measure({ modelId: model.id, datasetId: dataset.id, arguments: given, methods: ['full'] })
    expect((await collect(await measure({ seed: 13 }))).at(-1)).toEqual({
      type: 'failed',
      method: 'full',
      message: 'This run needs about 9.4 GB of memory, and 5.1 GB are free.',
    })
    for await (const event of await measure({})) if (event.type === 'measuring' && event.step === 1) break
  })

  test('no trial beside a run: the figures would be wrong', async () => {
    const { model, dataset } = await stock(client(), opened.folder)
    const request = { modelId: model.id, datasetId: dataset.id, arguments: { max_steps: 500 } }
    const { id, name } = await client().training.start(request)
    await eventually(async () => (await client().runs.get({ id })).status === 'running')
    await expect(collect(await client().training.measure({ ...request, methods: ['lora'] }))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(name),
    })
  })

  test('arguments that contradict each other are refused by name', async () => {
    const { model, dataset } = await stock(client(), opened.folder)
    const given = { validation_split: 0, eval_strategy: 'steps' as const }
    const refused = client().training.start({ modelId: model.id, datasetId: dataset.id, arguments: given })
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', data: { argument: 'eval_strategy' } })
    expect(await client().runs.list({})).toEqual([])
  })

  test('what the model recommends fills what is not given', async () => {
    const folder = join(opened.folder, 'mine')
    await cp(tinyModel, folder, { recursive: true })
    await writeFile(
      join(folder, 'camelot.json'),
      '{"training_arguments":{"learning_rate":0.002,"num_train_epochs":40}}',
    )
    const model = await client().models.add({ source: { kind: 'path', path: folder } })
    const { dataset } = await stock(client(), opened.folder)
    const request = { modelId: model.id, datasetId: dataset.id, arguments: { num_train_epochs: 2 } }
    const { arguments: inForce } = await client().training.estimate(request)
    expect(inForce).toMatchObject({ learning_rate: 0.002, num_train_epochs: 2, lora_r: 16 })
  })

  test('two runs at work do not share an output folder', async () => {
    const { model, dataset } = await stock(client(), opened.folder)
    const request = {
      modelId: model.id,
      datasetId: dataset.id,
      arguments: { output_dir: join(opened.folder, 'results'), max_steps: 500 },
    }
    const first = await client().training.start(request)
    await expect(client().training.start(request)).rejects.toMatchObject({ code: 'CONFLICT' })
    await eventually(async () => (await client().runs.get({ id: first.id })).checkpoints.length > 0)
    await client().runs.stop({ id: first.id })
    await client().runs.remove({ id: first.id })
    expect(await readdir(join(opened.folder, 'results'))).not.toEqual([]) // the person's own folder stays
  })

  test('a run whose data set is gone cannot be resumed', async () => {
    const { model, dataset } = await stock(client(), opened.folder)
    const request = { modelId: model.id, datasetId: dataset.id, arguments: { max_steps: 500 } }
    const { id } = await client().training.start(request)
    await client().runs.stop({ id })
    await client().datasets.remove({ id: dataset.id })
    await opened.studio.close()
    const next = await openStudio({
      home: opened.home,
      engineScript: fakeEngine,
      resources: '/nowhere',
      version: '1',
      electron: null,
    })
    await expect(next.client.runs.resume({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('was deleted'),
    })
    expect(await next.client.runs.get({ id })).toMatchObject({ status: 'stopped' })
    await next.close()
  })
})

describe('chat', () => {
  const start = async (models: ModelReference[], systemPrompt = '') =>
    (await client().chat.create({ models, systemPrompt })).id
  const send = async (id: string, text: string) => collect(await client().chat.send({ id, text, settings }))
  const messages = async (id: string) => (await client().chat.get({ id })).messages

  test('a model’s own sampling settings hold where the person chose none', async () => {
    const folder = join(opened.folder, 'own')
    await cp(tinyModel, folder, { recursive: true })
    await writeFile(join(folder, 'generation_config.json'), JSON.stringify({ do_sample: true, temperature: 0.6 }))
    const { id } = await client().models.add({ source: { kind: 'path', path: folder } })
    const model: ModelReference = { kind: 'model', id }
    expect(await client().chat.settings({ model })).toEqual({ ...defaultGenerationSettings, temperature: 0.6 })
    await writeFile(join(folder, 'generation_config.json'), JSON.stringify({ temperature: 'hot' }))
    await expect(client().chat.settings({ model })).rejects.toThrow(/generation_config\.json: temperature is wrong/)
  })

  test('two models answer one after the other and keep their own history', async () => {
    const { model, run } = await trained()
    const id = await start(
      [
        { kind: 'model', id: model.id },
        { kind: 'run', id: run.id, step: null },
      ],
      'Be brief.',
    )
    const events = await send(id, 'first\nand more')
    expect(events.map(kindOf).filter((kind, at, all) => kind !== all[at - 1])).toEqual([
      'user',
      'loading 0',
      'generation 0',
      'assistant',
      'loading 1',
      'generation 1',
      'assistant',
    ])
    await send(id, 'second')
    const all = await messages(id)
    expect(all.map(({ role, model }) => `${role} ${model?.kind ?? ''}`.trim())).toEqual([
      'user',
      'assistant model',
      'assistant run',
      'user',
      'assistant model',
      'assistant run',
    ])
    // System prompt, first question, own first answer, second question.
    expect(all.at(-1)).toMatchObject({ text: 'You asked: second (turn 4)', stopReason: 'eos', tokensPerSecond: 80 })
    expect(await client().chat.list({})).toMatchObject([{ id, title: 'first' }])
  })

  test('a failure of one model is said and does not silence the other', async () => {
    const { model, run } = await trained()
    const id = await start([
      { kind: 'run', id: run.id, step: 10 },
      { kind: 'model', id: model.id },
    ])
    await rm(run.checkpoints.find(({ step }) => step === 10)!.path, { recursive: true })
    const events = await send(id, 'hello')
    expect(events.find(({ type }) => type === 'failed')).toMatchObject({
      model: 0,
      message: expect.stringContaining(`${run.id}@10`),
    })
    expect((await messages(id)).at(-1)).toMatchObject({ role: 'assistant', text: 'You asked: hello (turn 1)' })
    expect((await send(id, 'please fail')).filter(({ type }) => type === 'failed')).toHaveLength(2)
  })

  test('asking again replaces the answers to the last question', async () => {
    const { model } = await trained()
    const id = await start([{ kind: 'model', id: model.id }])
    await expect(client().chat.regenerate({ id, settings })).rejects.toMatchObject({ code: 'CONFLICT' })
    await send(id, 'one')
    await send(id, 'two')
    const before = await messages(id)
    await collect(await client().chat.regenerate({ id, settings }))
    const after = await messages(id)
    expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text))
    expect(after.slice(0, 3)).toEqual(before.slice(0, 3))
    expect(after[3]!.id).not.toBe(before[3]!.id)
  })

  test('one answer at a time', async () => {
    const { model } = await trained()
    const id = await start([{ kind: 'model', id: model.id }])
    const abort = new AbortController()
    const events = await client().chat.send({ id, text: 'a long one', settings }, { signal: abort.signal })
    for await (const event of events) {
      if (event.type !== 'generation' || abort.signal.aborted) continue
      await expect(send(id, 'another')).rejects.toMatchObject({ code: 'CONFLICT' })
      abort.abort()
    }
    expect((await messages(id)).map(({ stopReason }) => stopReason)).toEqual([null, 'cancelled'])
    expect(await send(id, 'another')).not.toEqual([])
  })

  test('closing the studio keeps what came of an answer', async () => {
    const { model } = await trained()
    const id = await start([{ kind: 'model', id: model.id }])
    const events = await client().chat.send({ id, text: 'a long one', settings })
    for await (const event of events) if (event.type === 'generation') break
    const again = await client().chat.send({ id, text: 'another long one', settings })
    let closing: Promise<void> | null = null
    for await (const event of again) if (event.type === 'generation') closing ??= opened.studio.close()
    await closing
    const next = await openStudio({
      home: opened.home,
      engineScript: fakeEngine,
      resources: '/nowhere',
      version: '1',
      electron: null,
    })
    const kept = (await next.client.chat.get({ id })).messages.filter(({ role }) => role === 'assistant')
    expect(kept.map(({ stopReason }) => stopReason)).toEqual(['cancelled', 'cancelled'])
    await next.close()
  })

  test('a conversation needs models that are there; deleting it takes its messages along', async () => {
    await expect(start([{ kind: 'model', id: 'none' }])).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { model } = await trained()
    const id = await start([{ kind: 'model', id: model.id }])
    await expect(client().chat.update({ id, models: [{ kind: 'run', id: 'none', step: null }] })).rejects.toMatchObject(
      { code: 'NOT_FOUND' },
    )
    expect(await client().chat.update({ id, title: 'Mine', systemPrompt: 'Hm.' })).toMatchObject({
      title: 'Mine',
      systemPrompt: 'Hm.',
    })
    await send(id, 'hello')
    await client().chat.remove({ id })
    await expect(client().chat.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('exports', () => {
  test('go to the folder that was named, and outlive their entry', async () => {
    const { model, run } = await trained()
    const folder = join(opened.folder, 'exported')
    const source = { kind: 'run' as const, id: run.id, step: null }
    const events = await collect(await client().exports.start({ source, format: 'peft', folder }))
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      export: { folder, downloadable: false, sourceName: 'facts on model' },
    })
    const [entry] = await client().exports.list({})
    await client().exports.remove({ id: entry!.id })
    expect(await readdir(folder)).toContain('manifest.json')
    const base = { kind: 'model' as const, id: model.id }
    await expect(client().exports.start({ source: base, format: 'peft', folder })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      data: { argument: 'format' },
    })
    await expect(
      client().exports.start({ source: { ...source, step: 7 }, format: 'peft', folder }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

function kindOf(event: ChatEvent): string {
  if (event.type === 'message') return event.message.role
  return `${event.type} ${event.model}`
}
