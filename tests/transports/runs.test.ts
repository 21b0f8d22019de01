/** Runs from the outside: queueing, pausing, stopping, resuming, mishaps, and studios that come and go. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStudio } from '../../src/main/studio'
import type { GivenArguments, RunEntry } from '../../src/shared/contract'
import { collect, eventually, fakeEngine, openTestStudio, root, stock, type TestStudio } from './open-studio'

let opened: TestStudio
beforeEach(async () => {
  opened = await openTestStudio({ patienceMs: 1_500 })
})
afterEach(() => opened.end())

const long: GivenArguments = { max_steps: 2_000, logging_steps: 1 }

async function start(given: GivenArguments = {}): Promise<RunEntry> {
  const { client } = opened.studio
  const [model] = await client.models.list({})
  const [dataset] = await client.datasets.list({})
  const stocked = model && dataset ? { model, dataset } : await stock(client, opened.folder)
  return client.training.start({ modelId: stocked.model.id, datasetId: stocked.dataset.id, arguments: given })
}

const statusOf = async (id: string) => (await opened.studio.client.runs.get({ id })).status
const reaches = (id: string, step: number) =>
  eventually(async () => (await opened.studio.client.runs.get({ id })).step >= step)

test('trains one run at a time, in order, and a waiting one can be withdrawn', async () => {
  const { runs } = opened.studio.client
  const first = await start({ max_steps: 20 })
  const second = await start({ max_steps: 10 })
  const third = await start()
  expect([first, second, third].map(({ name }) => name)).toEqual([
    'facts on model',
    'facts on model 2',
    'facts on model 3',
  ])
  await reaches(first.id, 10)
  expect(await statusOf(first.id)).toBe('running')
  expect(await statusOf(second.id)).toBe('queued')
  await expect(runs.pause({ id: second.id })).rejects.toMatchObject({ code: 'CONFLICT' })
  expect(await runs.stop({ id: third.id })).toMatchObject({ status: 'stopped', step: 0 })
  await collect(await runs.watch({ id: second.id }))
  const [one, two] = [await runs.get({ id: first.id }), await runs.get({ id: second.id })]
  expect([one.status, two.status, await statusOf(third.id)]).toEqual(['done', 'done', 'stopped'])
  expect(Date.parse(two.finishedAt!)).toBeGreaterThan(Date.parse(one.finishedAt!))
})

test('pauses, goes on, stops with a checkpoint, and resumes from it', async () => {
  const { runs } = opened.studio.client
  const { id } = await start({ max_steps: 60, logging_steps: 1 })
  await reaches(id, 3)
  const paused = await runs.pause({ id })
  expect(paused.status).toBe('paused')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect((await runs.get({ id })).step).toBe(paused.step)
  expect(await runs.resume({ id })).toMatchObject({ status: 'running' })
  await reaches(id, paused.step + 2)
  const stopped = await runs.stop({ id })
  expect(stopped.status).toBe('stopped')
  expect(stopped.step).toBeLessThan(60)
  expect(stopped.checkpoints.at(-1)!.step).toBe(stopped.step)
  await expect(runs.pause({ id })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('is over'),
  })

  await runs.resume({ id })
  const events = await collect(await runs.watch({ id }))
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1))
  expect(
    events.filter(({ type }) => type === 'start').map((event) => event.type === 'start' && event.resumedFrom),
  ).toEqual([0, stopped.step])
  expect(await runs.get({ id })).toMatchObject({ status: 'done', step: 60 })
  await expect(runs.resume({ id })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('has finished'),
  })
})

test.each([
  [13, 'not_finite', 'The loss became infinite at step 5: try a lower learning rate.'],
  [
    14,
    'killed',
    "The engine's process was killed (SIGKILL) at step 4; there is no checkpoint yet, so resuming starts it again.",
  ],
  [15, 'out_of_memory', "The engine's process ran out of memory at step 4; there is no checkpoint yet"],
  [16, 'crashed', 'The engine sent an event that is not understood: {"type":"surprise"} at step 4'],
])('mishap %i fails the run with a sentence (%s)', async (seed, code, sentence) => {
  const { runs } = opened.studio.client
  const { id } = await start({ seed, logging_steps: 1 })
  const events = await collect(await runs.watch({ id }))
  const last = events.at(-1)!
  expect(last).toMatchObject({ type: 'error', code })
  expect(last.type === 'error' && last.message).toContain(sentence)
  const run = await runs.get({ id })
  expect(run.status).toBe('failed')
  expect(run.error).toContain(sentence)
  // The failure is the run's alone.
  const next = await start({ max_steps: 5 })
  await collect(await runs.watch({ id: next.id }))
  expect(await statusOf(next.id)).toBe('done')
})

test('a killed run names the checkpoint it can be resumed from', async () => {
  const { runs } = opened.studio.client
  const { id } = await start({ ...long })
  await eventually(async () => (await runs.get({ id })).checkpoints.length > 0)
  const pid = await enginePid()
  process.kill(pid, 'SIGKILL')
  const events = await collect(await runs.watch({ id }))
  expect(events.at(-1)).toMatchObject({ type: 'error', code: 'killed' })
  const { checkpoints, error } = await runs.get({ id })
  expect(error).toContain(`the run can be resumed from checkpoint-${checkpoints.at(-1)!.step}.`)
})

test('a run that does not stop is killed after a while', async () => {
  const { runs } = opened.studio.client
  const { id } = await start({ ...long, seed: 17 })
  await reaches(id, 2)
  const asked = Date.now()
  expect((await runs.stop({ id })).status).toBe('stopped')
  expect(Date.now() - asked).toBeGreaterThan(1_400)
})

test('a run that is not over cannot be deleted; a deleted one takes its files along', async () => {
  const { runs, models, datasets } = opened.studio.client
  const { id, modelId, datasetId } = await start(long)
  await reaches(id, 2)
  for (const refused of [runs.remove({ id }), models.remove({ id: modelId }), datasets.remove({ id: datasetId })])
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' })
  await runs.stop({ id })
  const folder = join(opened.home, 'runs', id)
  expect(existsSync(folder)).toBe(true)
  await runs.remove({ id })
  expect(existsSync(folder)).toBe(false)
  expect(await runs.list({})).toEqual([])
})

test('closing the studio checkpoints the run, and the next studio resumes it', async () => {
  const { id } = await start(long)
  await reaches(id, 3)
  await opened.studio.close()
  const next = await openStudio({ ...again(), home: opened.home })
  const found = await next.client.runs.get({ id })
  expect(found).toMatchObject({ status: 'interrupted', error: null })
  expect(found.checkpoints.at(-1)!.step).toBe(found.step)
  await next.client.runs.resume({ id })
  await eventually(async () => (await next.client.runs.get({ id })).step > found.step)
  await next.close()
})

test('a run whose studio was killed is interrupted; its torn last line is forgotten', async () => {
  const { id: finished } = await start({ max_steps: 10 })
  await collect(await opened.studio.client.runs.watch({ id: finished }))
  await opened.studio.close()
  const other = await studioElsewhere(opened.home)
  const run = JSON.parse(await other.say('start')) as RunEntry
  const log = join(opened.home, 'runs', run.id, 'events.jsonl')
  await eventually(async () => (await readFile(log, 'utf8').catch(() => '')).includes('"checkpoint"'))
  await other.kill()
  await appendFile(log, '{"type":"log","seq":99')

  const next = await openStudio({ ...again(), home: opened.home })
  const { runs } = next.client
  const found = await runs.get({ id: run.id })
  expect(found).toMatchObject({ status: 'interrupted', error: null })
  expect(found.checkpoints.length).toBeGreaterThan(0)
  const before = await collect(await runs.watch({ id: run.id }))
  await runs.resume({ id: run.id })
  await eventually(async () => (await runs.get({ id: run.id })).step > found.checkpoints.at(-1)!.step + 1)
  await runs.stop({ id: run.id })
  const after = await collect(await runs.watch({ id: run.id }))
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.map(({ seq }) => seq)).toEqual(after.map((_, place) => place + 1))
  expect(after[before.length]).toMatchObject({ type: 'start', resumedFrom: found.checkpoints.at(-1)!.step })
  await next.close()
})

test('a run of another process can be watched but not written', async () => {
  await stock(opened.studio.client, opened.folder)
  const other = await studioElsewhere(opened.home)
  const run = JSON.parse(await other.say('start')) as RunEntry
  const { runs } = opened.studio.client
  const seen: number[] = []
  for await (const event of await runs.watch({ id: run.id })) if (seen.push(event.seq) >= 5) break
  expect(seen).toEqual([1, 2, 3, 4, 5])
  expect(await statusOf(run.id)).toBe('running')
  for (const refused of [runs.stop({ id: run.id }), runs.resume({ id: run.id }), runs.remove({ id: run.id })])
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' })

  // Its process dies while we look: the watch ends and the run can be taken over.
  const watching = collect(await runs.watch({ id: run.id, after: 5 }))
  await other.kill()
  await watching
  expect(await statusOf(run.id)).toBe('interrupted')
  expect(await runs.resume({ id: run.id })).toMatchObject({ id: run.id })
  await eventually(async () => (await statusOf(run.id)) === 'running')
})

const again = () => ({
  engineScript: fakeEngine,
  resources: '/nowhere',
  version: '0.0.0-test',
  electron: null,
  patienceMs: 1_500,
})

/** The engine process that is a child of this one. */
async function enginePid(): Promise<number> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
  for (const pid of children.trim().split(' ').map(Number))
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('fake-engine')) return pid
  throw new Error('There is no engine process.')
}

type StudioElsewhere = { say(line: string): Promise<string>; kill(): Promise<void> }

/** A studio on the same home in a process of its own, which starts a long run when told to. */
async function studioElsewhere(home: string): Promise<StudioElsewhere> {
  const script = join(root, 'tests/transports/studio-process.ts')
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, home], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answer = () => new Promise<string>((resolve) => child.stdout!.once('data', (text) => resolve(String(text))))
  await answer()
  return {
    say(line) {
      child.stdin!.write(`${line}\n`)
      return answer()
    },
    kill: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGKILL')
      }),
  }
}
