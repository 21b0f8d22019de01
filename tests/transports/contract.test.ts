/** The contract over both transports: calls, errors, streams, aborting, and a window that is suddenly gone. */
import { join } from 'node:path'
import { isDefinedError } from '@orpc/client'
import { implement } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type ChatEvent, contract, defaultGenerationSettings, type TrainEvent } from '../../src/shared/contract'
import { type Connection, transports } from './connect'
import { collect, eventually, openTestStudio, stock, type TestStudio, tinyModel, writeRows } from './open-studio'

describe.each(Object.keys(transports))('over a %s', (name) => {
  let opened: TestStudio
  let connection: Connection

  beforeEach(async () => {
    opened = await openTestStudio()
    connection = await transports[name]!(opened.studio)
  })
  afterEach(async () => {
    await connection.end()
    await opened.end()
  })

  test('answers a call with what the contract says', async () => {
    const report = await connection.client.system.doctor({})
    expect(report.version).toBe('0.0.0-test')
    expect(report.devices[0]).toMatchObject({ name: 'cpu', available: true })
    expect(report.memory.totalBytes).toBeGreaterThan(2 ** 20)
  })

  test('hands over the errors of the contract with their sentence and data', async () => {
    const failure = await connection.client.runs.get({ id: 'run-nowhere' }).catch((thrown) => thrown)
    expect(isDefinedError(failure)).toBe(true)
    expect(failure).toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no run "run-nowhere": it was deleted, or never existed.',
      data: { kind: 'run', id: 'run-nowhere' },
    })
  })

  test('refuses input that the contract does not allow', async () => {
    const input = { id: 'x', offset: -1, limit: 10 }
    await expect(connection.client.datasets.rows(input)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'offset is not accepted: Too small: expected number to be >=0.',
      data: { argument: 'offset' },
    })
    const request = { modelId: 'm', datasetId: 'd', arguments: { learning_rate: -1 } }
    await expect(connection.client.training.start(request)).rejects.toMatchObject({
      data: { argument: 'learning_rate' },
    })
  })

  test('hands over an error in the middle of a stream', async () => {
    const source = { kind: 'path' as const, path: join(opened.folder, 'missing.jsonl') }
    const failure = await connection.client.datasets
      .import({ source })
      .then(collect, (thrown) => thrown)
      .catch((thrown) => thrown)
    expect(isDefinedError(failure)).toBe(true)
    expect(failure).toMatchObject({ code: 'UNREADABLE', message: `There is no file ${source.path}.` })
  })

  test('imports, pages, renames, maps, deletes and restores a data set', async () => {
    const { client } = connection
    const source = { kind: 'path' as const, path: await writeRows(opened.folder) }
    const events = await collect(await client.datasets.import({ source, name: 'Facts' }))
    const done = events.at(-1)
    if (done?.type !== 'done') throw new Error('The import did not end.')
    const { id } = done.dataset
    expect(done.dataset).toMatchObject({ name: 'Facts', rows: 40, format: 'jsonl', columns: ['prompt', 'completion'] })

    const page = await client.datasets.rows({ id, offset: 38, limit: 10 })
    expect(page.total).toBe(40)
    expect(page.rows.map((row) => row.prompt)).toEqual(['What is 38?', 'What is 39?'])
    expect(page.rows[0]).toMatchObject({ index: 38, completion: ' Number 38.' })

    expect(await client.datasets.rename({ id, name: 'Other' })).toMatchObject({ name: 'Other' })
    const mapping = { kind: 'text' as const, text: 'completion' }
    expect(await client.datasets.setMapping({ id, mapping })).toMatchObject({ mapping })
    await expect(client.datasets.setMapping({ id, mapping: { kind: 'text', text: 'body' } })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      data: { argument: 'mapping' },
    })

    await client.datasets.remove({ id })
    expect(await client.datasets.list({})).toEqual([])
    await expect(client.datasets.rows({ id, offset: 0, limit: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await client.datasets.restore({ id })).toMatchObject({ name: 'Other', rows: 40 })
    expect(await client.datasets.list({})).toHaveLength(1)
  })

  test('adds a model, says what is wrong with a folder, and measures a data set with it', async () => {
    const { client } = connection
    const { model, dataset } = await stock(client, opened.folder)
    expect(model).toMatchObject({ architecture: 'GPT-2', folder: tinyModel, contextLength: 64, problem: null })
    expect(model.parameters).toBe(37_760)
    const broken = await client.models.add({ source: { kind: 'path', path: opened.folder } })
    expect(broken.problem).toContain('has no config.json')
    const statistics = await client.datasets.statistics({ id: dataset.id, modelId: model.id })
    expect(statistics.tokens.total).toBe(400)
    const estimate = await client.training.estimate({
      modelId: model.id,
      datasetId: dataset.id,
      arguments: { max_length: 512 },
    })
    expect(estimate).toMatchObject({ trainRows: 36, validationRows: 4, steps: 27, stepsPerEpoch: 9 })
    // Four linear layers in each of two blocks of width 32: 16 · (32+96 + 32+32 + 32+128 + 128+32) · 2
    expect(estimate.trainableParameters).toBe(16_384)
  })

  test('streams a run from its beginning, and again from where a watch left off', async () => {
    const { client } = connection
    const { model, dataset } = await stock(client, opened.folder)
    const run = await client.training.start({ modelId: model.id, datasetId: dataset.id, arguments: {} })
    const live = await collect(await client.runs.watch({ id: run.id }))
    expect(live.map(({ seq }) => seq)).toEqual(live.map((_, index) => index + 1))
    expect(live[0]!.type).toBe('start')
    expect(live.at(-1)).toMatchObject({ type: 'done', step: 40, stopped: false })
    const again = await collect(await client.runs.watch({ id: run.id, after: 5 }))
    expect(again).toEqual(live.slice(5))
    expect(await client.runs.get({ id: run.id })).toMatchObject({ status: 'done', step: 40, bestStep: 40 })
  })

  test('a watch that is given up does not stop the run', async () => {
    const { client } = connection
    const { model, dataset } = await stock(client, opened.folder)
    const run = await client.training.start({ modelId: model.id, datasetId: dataset.id, arguments: {} })
    const abort = new AbortController()
    const seen: TrainEvent[] = []
    const watching = (async () => {
      for await (const event of await client.runs.watch({ id: run.id }, { signal: abort.signal })) {
        seen.push(event)
        abort.abort()
      }
    })()
    await watching.catch(() => {}) // how an abort shows differs between transports
    expect(seen.length).toBeLessThan(5)
    const rest = await collect(await client.runs.watch({ id: run.id, after: seen.at(-1)!.seq }))
    expect(rest[0]!.seq).toBe(seen.at(-1)!.seq + 1)
    expect(rest.at(-1)).toMatchObject({ type: 'done', stopped: false })
  })

  test('keeps what came of an answer that is aborted', async () => {
    const { client } = connection
    const { model } = await stock(client, opened.folder)
    const { id } = await client.chat.create({ models: [{ kind: 'model', id: model.id }] })
    const abort = new AbortController()
    const answer = client.chat.send(
      { id, text: 'a long one', settings: defaultGenerationSettings },
      { signal: abort.signal },
    )
    await answer
      .then(async (events) => {
        for await (const event of events) if (isToken(event)) abort.abort()
      })
      .catch(() => {})
    await eventually(async () => (await client.chat.get({ id })).messages.length === 2)
    const [question, kept] = (await client.chat.get({ id })).messages
    expect(question).toMatchObject({ role: 'user', text: 'a long one' })
    expect(kept).toMatchObject({ role: 'assistant', stopReason: 'cancelled' })
    expect(kept!.text).toMatch(/^ word0/)
    expect(kept!.text).not.toContain('word200')
  })

  test('keeps what came of an answer whose window is gone', async () => {
    const { client } = connection
    const { model } = await stock(client, opened.folder)
    const { id } = await client.chat.create({ models: [{ kind: 'model', id: model.id }] })
    const answer = client.chat.send({ id, text: 'a long one', settings: defaultGenerationSettings })
    await answer
      .then(async (events) => {
        for await (const event of events) if (isToken(event)) connection.drop()
      })
      .catch(() => {})
    const messages = async () => (await opened.studio.client.chat.get({ id })).messages
    await eventually(async () => (await messages()).length === 2)
    expect((await messages())[1]).toMatchObject({ role: 'assistant', stopReason: 'cancelled' })
  })

  test('tells of changes', async () => {
    const { client } = connection
    const abort = new AbortController()
    const seen: string[] = []
    const following = (async () => {
      for await (const change of await client.system.changes({}, { signal: abort.signal })) seen.push(change.kind)
    })()
    await eventually(() => seen.length === 1)
    const { id } = await client.models.add({ source: { kind: 'path', path: tinyModel } })
    await client.models.rename({ id, name: 'Renamed' })
    await eventually(() => seen.length >= 3)
    expect(seen.slice(1)).toEqual(seen.slice(1).map(() => 'models'))
    abort.abort()
    await following.catch(() => {})
  })
})

const isToken = (event: ChatEvent) => event.type === 'generation' && event.event.type === 'token'

describe.each(Object.keys(transports))('streams over a %s reach their end on the server', (name) => {
  test.each(['abort', 'drop'] as const)('when the client says %s', async (how) => {
    const opened = await openTestStudio()
    let ended = false
    const changes = implement(contract).system.changes.handler(async function* ({ signal }) {
      try {
        yield { kind: 'models', id: '' }
        await new Promise<void>((resolve) => signal!.addEventListener('abort', () => resolve()))
      } finally {
        ended = true
      }
    })
    const { router } = opened.studio
    const probe = { ...opened.studio, router: { ...router, system: { ...router.system, changes } } }
    const connection = await transports[name]!(probe as typeof opened.studio)
    const abort = new AbortController()
    const following = (async () => {
      for await (const _ of await connection.client.system.changes({}, { signal: abort.signal }))
        if (how === 'abort') abort.abort()
        else connection.drop()
    })()
    await following.catch(() => {})
    await eventually(() => ended)
    await connection.end()
    await opened.end()
  })
})
