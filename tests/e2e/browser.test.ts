/**
 * The whole way in a real Chromium, through the browser host and the engine's own process: drop, train, watch, reload,
 * stop, chat, export. The tests of one window follow each other.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { expectAdapter } from './exported-adapter'
import { type Host, startHost } from './host'
import {
  addByDropping,
  chat,
  exportAdapter,
  loggedEvery,
  lossPoints,
  lossPointsAbove,
  measureMethods,
  planShortRun,
  startRun,
  stop,
  train,
} from './journey'
import { complaintsOf } from './page'

const home = mkdtempSync(join(tmpdir(), 'camelot-browser-'))
let host: Host
let browser: Browser

beforeAll(async () => {
  host = await startHost(home)
  browser = await chromium.launch({
    executablePath: process.env.CAMELOT_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
})
afterAll(async () => {
  await browser?.close()
  expect(await host?.stop()).toBe(0)
  rmSync(home, { recursive: true, force: true })
})

const eventsOf = (run: string) =>
  readFileSync(join(home, 'runs', run, 'events.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('the studio in a browser', () => {
  let page: Page
  let complaints: string[]
  let run: string

  beforeAll(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    page.setDefaultTimeout(30_000)
    complaints = complaintsOf(page)
    await page.goto(host.url)
  })

  it('opens, and takes the token out of the address', async () => {
    await page.getByRole('heading', { name: 'Models' }).waitFor()
    expect(page.url()).not.toContain('token')
    expect(await page.title()).toContain('Camelot')
  })

  it('takes in a model folder and a data file that are dropped on it', async () => {
    await addByDropping(page)
    await expect.poll(() => readdirSync(join(home, 'uploads'))).toEqual([]) // nothing is left of the way they came
  })

  it('trains, and the chart of the loss moves', async () => {
    run = await train(page)
    const first = await lossPointsAbove(page, 0)
    await lossPointsAbove(page, first + 5)
  })

  it('still shows the run after a reload in the middle', async () => {
    const before = await lossPoints(page)
    await page.reload()
    const after = await lossPointsAbove(page, before)
    await lossPointsAbove(page, after)
  })

  it('stops the run, which is saved', async () => {
    await stop(page)
    const events = eventsOf(run)
    const steps = events.filter(({ type }) => type === 'log').map(({ step }) => step)
    expect(steps).toEqual(steps.map((_, index) => (index + 1) * loggedEvery)) // each once, across the reload
    const done = events.at(-1)!
    expect(done).toMatchObject({ type: 'done', stopped: true })
    expect(Math.floor(Number(done.step) / loggedEvery)).toBe(steps.length)
  })

  it('marks the step under the pointer, and says its values', async () => {
    const chart = page.getByRole('img', { name: /^Loss chart/ })
    await chart.hover()
    await chart.getByText(/^Step [\d,]+$/).waitFor()
    expect(await chart.locator('svg circle').count()).toBe(2) // the loss as it was, and smoothed
    await page.mouse.move(0, 0)
    await expect.poll(() => chart.locator('svg circle').count()).toBe(0)
  })

  it('chats with the tuned model, whose answer is streamed', async () => {
    const pieces: string[] = []
    const session = await page.context().newCDPSession(page)
    await session.send('Network.enable')
    session.on('Network.webSocketFrameReceived', ({ response }) => pieces.push(response.payloadData))
    const answer = await chat(page, 'Who keeps the north gate?')
    expect(answer).toMatch(/tokens\/s/)
    expect(pieces.filter((piece) => piece.includes('"token"')).length).toBeGreaterThan(0)
    await session.detach()
  })

  it('exports the adapter as a download that holds what peft expects', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), exportAdapter(page)])
    expect(download.suggestedFilename()).toMatch(/-adapter\.zip$/)
    const files = unzipSync(readFileSync(await download.path()))
    const file = (name: string) => Object.entries(files).find(([path]) => path.split('/').at(-1) === name)![1]
    expectAdapter(file('adapter_config.json'), file('adapter_model.safetensors'))
  })

  it('measures the methods on this machine', async () => {
    await planShortRun(page, 'QLoRA', 12)
    const cards = await measureMethods(page)
    expect(Object.keys(cards)).toEqual(['LoRA', 'QLoRA', 'LoRA over int8', 'Full'])
    for (const text of Object.values(cards)) expect(text).toMatch(/\d (MB|GB)\n.*\d (s|min)\nmeasured$/)
  })

  it('trains over a base in 4 bits, and the loss falls', async () => {
    const quantized = await startRun(page)
    await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 180_000 })
    const events = eventsOf(quantized)
    expect(events.find(({ type }) => type === 'start').arguments).toMatchObject({
      method: 'qlora',
      base_quantization: 'nf4',
      gradient_checkpointing: true,
    })
    const losses = events.filter(({ type }) => type === 'log').map(({ loss }) => loss)
    expect(losses).toHaveLength(12)
    expect(Math.min(...losses.slice(-3))).toBeLessThan(losses[0])
    expect(await lossPointsAbove(page, 11)).toBe(12)
  })

  it('had nothing to complain about', () => {
    expect(complaints).toEqual([])
  })
})

describe('strangers', () => {
  it('get nothing without the token, nor with a wrong one', async () => {
    expect((await fetch(host.origin)).status).toBe(401)
    expect((await fetch(`${host.origin}/?token=guess`, { redirect: 'manual' })).status).toBe(401)
    expect((await fetch(`${host.origin}/exports/any.zip`)).status).toBe(401)
  })

  it('get nothing from another origin or by another name, even with the cookie', async () => {
    const cookie = await signIn()
    const answer = (headers: Record<string, string>) => fetch(host.origin, { headers: { cookie, ...headers } })
    expect((await answer({})).status).toBe(200)
    expect((await answer({ origin: 'https://example.org' })).status).toBe(403)
  })

  it('cannot open a socket', async () => {
    const cookie = await signIn()
    expect(await socketStatus({ cookie, origin: host.origin })).toBe(101)
    expect(await socketStatus({ cookie, origin: 'https://example.org' })).toBe(403)
    expect(await socketStatus({ cookie })).toBe(403)
    expect(await socketStatus({ origin: host.origin })).toBe(401)
    expect(await socketStatus({ cookie, origin: host.origin, host: 'example.org' })).toBe(421)
  })

  async function signIn() {
    const entered = await fetch(host.url, { redirect: 'manual' })
    return entered.headers.getSetCookie()[0]!.split(';')[0]!
  }

  /** The status that answers an upgrade; 101 is a socket. */
  function socketStatus(headers: Record<string, string>): Promise<number> {
    const socket = new WebSocket(`${host.origin.replace('http', 'ws')}/rpc`, { headers })
    return new Promise((resolve, reject) => {
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode!))
      socket.on('open', () => {
        socket.close()
        resolve(101)
      })
      socket.on('error', reject)
    })
  }
})
