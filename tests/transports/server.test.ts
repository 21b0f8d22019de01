/** The browser host from the outside: who is let in, what is handed out, and what is refused. */

import { mkdirSync } from 'node:fs'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type RunningServer, startServer } from '../../src/main/server'
import { signIn } from './connect'
import { collect, eventually, openTestStudio, stock, type TestStudio, tinyModel } from './open-studio'

let opened: TestStudio
let server: RunningServer
let cookie: string

beforeEach(async () => {
  opened = await openTestStudio({ uploadLimitBytes: 100_000 })
  const rendererDir = join(opened.folder, 'renderer')
  mkdirSync(join(rendererDir, 'assets'), { recursive: true })
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Studio</title>')
  await writeFile(join(rendererDir, 'assets/app-1a2b.js'), 'export {}')
  await writeFile(join(opened.folder, 'secret.txt'), 'outside of the window')
  server = await startServer(opened.studio, { rendererDir })
  cookie = await signIn(server)
})
afterEach(async () => {
  await server.close()
  await opened.end()
})

type Reply = { status: number; headers: IncomingHttpHeaders; body: Buffer }

/** A request with exactly these headers, which `fetch` would not send. */
function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: Buffer | string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.origin)
    const sent = request(
      { hostname, port, path, method, headers, setHost: headers.host === undefined },
      async (answer) => {
        const chunks: Buffer[] = []
        for await (const chunk of answer) chunks.push(chunk as Buffer)
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(chunks) })
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

const inside = (more: Record<string, string> = {}) => ({ cookie, ...more })
const own = () => inside({ origin: server.origin })

describe('who is let in', () => {
  test('the printed address gives a cookie and takes the token out of the address', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/)
    const reply = await ask(new URL(server.url).search.replace('?', '/?'))
    expect(reply.status).toBe(302)
    expect(reply.headers.location).toBe('/')
    expect(reply.headers['set-cookie']![0]).toMatch(/^camelot-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/)
    expect(reply.headers['set-cookie']![0]).not.toContain(new URL(server.url).searchParams.get('token'))
    expect((await ask('/', inside())).body.toString()).toContain('<title>Studio</title>')
  })

  test.each([
    ['no cookie', () => ({})],
    ['a wrong cookie', () => ({ cookie: `${cookie.split('=')[0]}=${'A'.repeat(43)}` })],
    ['an empty cookie', () => ({ cookie: `${cookie.split('=')[0]}=` })],
    ['a cookie of another name', () => ({ cookie: `other=${cookie.split('=')[1]}` })],
  ])('%s is refused', async (_, headers) => {
    for (const path of ['/', '/assets/app-1a2b.js', '/exports/x.zip', '/upload', '/anything'])
      expect((await ask(path, headers())).status).toBe(401)
    expect(await upgradeStatus({ origin: server.origin, ...headers() })).toBe(401)
  })

  test.each(['', 'wrong', 'A'.repeat(43)])('the token %j is refused', async (token) => {
    const reply = await ask(`/?token=${token}`)
    expect(reply.status).toBe(401)
    expect(reply.headers['set-cookie']).toBeUndefined()
  })

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1', 'https://127.0.0.1', 'file://'])(
    'the foreign origin %s is refused, cookie or not',
    async (origin) => {
      expect((await ask('/', inside({ origin }))).status).toBe(403)
      expect((await ask('/upload?name=a.txt', inside({ origin }), 'POST', 'x')).status).toBe(403)
      expect(await upgradeStatus(inside({ origin }))).toBe(403)
    },
  )

  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    '127.0.0.1:1',
    '127.0.0.1.evil.example:PORT',
    'a@127.0.0.1:PORT',
  ])('the host %j, as after DNS rebinding, is refused', async (pattern) => {
    const host = pattern.replace('PORT', new URL(server.origin).port)
    // Its origin agrees with the host, as a rebound page's does.
    const headers = inside({ host, origin: `http://${host}` })
    expect((await ask('/', headers)).status).toBe(421)
    expect((await ask(new URL(server.url).search.replace('?', '/?'), { host })).status).toBe(421)
    expect(await upgradeStatus(headers)).toBe(421)
  })

  test('the names of this machine itself are not foreign', async () => {
    const { port } = new URL(server.origin)
    const host = `localhost:${port}`
    expect((await ask('/', inside({ host, origin: `http://${host}` }))).status).toBe(200)
    // One name's page may not ask the other name.
    expect((await ask('/', inside({ host, origin: server.origin }))).status).toBe(403)
  })

  test('a socket or an upload must say where it comes from', async () => {
    expect(await upgradeStatus(inside())).toBe(403)
    expect((await ask('/upload?name=a.txt', inside(), 'POST', 'x')).status).toBe(403)
    expect(await upgradeStatus(own())).toBe(101)
    expect(await upgradeStatus(own(), '/other')).toBe(404)
  })

  test('only loopback is listened on unless another host is named, and then with a warning', async () => {
    expect(server.warning).toBeNull()
    expect(new URL(server.origin).hostname).toBe('127.0.0.1')
    const open = await startServer(opened.studio, { host: '0.0.0.0', rendererDir: '/nowhere' })
    expect(open.warning).toContain('anyone who can reach this machine')
    await open.close()
  })

  test('a port that is taken is said in a sentence', async () => {
    const port = Number(new URL(server.origin).port)
    await expect(startServer(opened.studio, { port, rendererDir: '/nowhere' })).rejects.toThrow(
      `Cannot listen on 127.0.0.1:${port}: another program uses it; choose another port.`,
    )
  })

  /** Status of the answer to a WebSocket handshake. */
  function upgradeStatus(headers: Record<string, string>, path = '/rpc'): Promise<number> {
    return new Promise((resolve, reject) => {
      const { host, ...others } = headers
      const socket = new WebSocket(`${server.origin.replace('http', 'ws')}${path}`, {
        headers: host === undefined ? others : { ...others, host },
      })
      socket.once('open', () => {
        socket.terminate()
        resolve(101)
      })
      socket.once('unexpected-response', (_, answer) => {
        socket.terminate()
        resolve(answer.statusCode!)
      })
      socket.once('error', reject)
    })
  }
})

describe('the window', () => {
  test('every answer carries the strict policy', async () => {
    for (const path of ['/', '/assets/app-1a2b.js', '/missing.js']) {
      const { headers } = await ask(path, inside())
      const policy = headers['content-security-policy'] as string
      expect(policy).toContain("default-src 'self'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain('unsafe-eval')
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    }
  })

  test('sends files with their types, keeps what is hashed, and the page for every place', async () => {
    const script = await ask('/assets/app-1a2b.js', inside())
    expect(script.headers).toMatchObject({ 'content-type': 'text/javascript; charset=utf-8' })
    expect(script.headers['cache-control']).toContain('immutable')
    for (const path of ['/', '/runs/run-abc', '/chat']) {
      const page = await ask(path, inside())
      expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
    }
    expect((await ask('/', inside(), 'HEAD')).body).toHaveLength(0)
    expect((await ask('/', own(), 'DELETE')).status).toBe(405)
  })

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/%2e%2e%2fsecret.txt%00.js',
    '/%zz.js',
  ])('%s leads nowhere', async (path) => {
    const reply = await raw(path)
    expect(reply).toMatch(/^HTTP\/1\.1 404/)
    expect(reply).not.toContain('outside of the window')
  })

  test.each(['//etc/hosts.txt', 'http://evil.example/', '*'])('%s is no path of the studio', async (path) => {
    expect(await raw(path)).toMatch(/^HTTP\/1\.1 400/)
  })

  /** The path as it stands, which clients would tidy. */
  function raw(path: string): Promise<string> {
    const { hostname, port, host } = new URL(server.origin)
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`),
      )
      let text = ''
      socket.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      socket.on('end', () => resolve(text)).on('error', reject)
    })
  }
})

describe('uploads', () => {
  const send = (query: string, body: string | Buffer) => ask(`/upload?${query}`, own(), 'POST', body)
  const uploads = () => readdir(join(opened.home, 'uploads'))

  test('a file is imported and does not stay', async () => {
    const reply = await send('name=My%20facts.jsonl', '{"prompt":"a","completion":"b"}\n')
    expect(reply.status).toBe(200)
    const { id } = JSON.parse(reply.body.toString()) as { id: string }
    const events = await collect(await opened.studio.client.datasets.import({ source: { kind: 'upload', id } }))
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      dataset: { name: 'My facts', sourceName: 'My facts.jsonl', rows: 1 },
    })
    expect(await uploads()).toEqual([])
    const again = opened.studio.client.datasets.import({ source: { kind: 'upload', id } })
    await expect(again.then(collect)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('a folder comes file by file and becomes a model', async () => {
    let group = ''
    for (const name of ['config.json', 'tokenizer.json', 'model.safetensors']) {
      const content = await readFile(join(tinyModel, name))
      const big = content.length > 90_000 ? Buffer.alloc(0) : content
      const reply = await send(`name=${encodeURIComponent(`tiny/${name}`)}${group && `&group=${group}`}`, big)
      group = (JSON.parse(reply.body.toString()) as { id: string }).id
    }
    const model = await opened.studio.client.models.add({ source: { kind: 'upload', id: group } })
    expect(model.name).toBe('tiny')
    expect(model.folder.startsWith(join(opened.home, 'models'))).toBe(true)
    expect((await stat(join(model.folder, 'config.json'))).isFile()).toBe(true)
    // The weights were cut off above, and that is what it says.
    expect(model.problem).toContain('too short for a safetensors file')
    await opened.studio.client.models.remove({ id: model.id })
    await expect(stat(model.folder)).rejects.toThrow()
  })

  test.each(['../a.txt', '/etc/passwd', 'a/../../b', 'a//b', '..\\a.txt', 'C:\\a.txt', 'a\0b', '', '.'])(
    'the name %j is refused',
    async (name) => {
      const reply = await send(`name=${encodeURIComponent(name)}`, 'x')
      expect(reply.status).toBe(400)
      expect(await uploads()).toEqual([])
    },
  )

  test('a group that is not there is refused', async () => {
    expect((await send('name=a.txt&group=upload-none', 'x')).status).toBe(404)
    expect((await send('name=a.txt&group=..%2f..', 'x')).status).toBe(404)
  })

  test('too large a file is refused, announced or not, and nothing of it stays', async () => {
    const announced = await send('name=a.txt', Buffer.alloc(100_001))
    expect(announced.status).toBe(413)
    expect(announced.body.toString()).toContain('larger than the 100 kB')
    const chunked = await ask(
      '/upload?name=a.txt',
      { ...own(), 'transfer-encoding': 'chunked' },
      'POST',
      Buffer.alloc(500_000),
    )
    expect(chunked.status).toBe(413)
    expect(await uploads()).toEqual([])
    expect((await send('name=a.txt', Buffer.alloc(100_000))).status).toBe(200)
  })

  test('an upload that breaks off leaves nothing', async () => {
    const { hostname, port, host } = new URL(server.origin)
    const head = `POST /upload?name=a.txt HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${server.origin}\r\nCookie: ${cookie}\r\n`
    const socket = connect(Number(port), hostname, () => socket.write(`${head}Content-Length: 50000\r\n\r\nhalf of it`))
    await eventually(async () => (await uploads()).length === 1)
    socket.destroy()
    await eventually(async () => (await uploads()).length === 0)
  })
})

test('an export is downloaded as one archive of its files', async () => {
  const { client } = opened.studio
  const { model, dataset } = await stock(client, opened.folder)
  const run = await client.training.start({
    modelId: model.id,
    datasetId: dataset.id,
    arguments: { max_steps: 5 },
    name: 'Grüße / 1',
  })
  await collect(await client.runs.watch({ id: run.id }))
  const source = { kind: 'run' as const, id: run.id, step: null }
  const events = await collect(await client.exports.start({ source, format: 'peft', folder: null }))
  const done = events.at(-1)
  if (done?.type !== 'done') throw new Error('The export did not end.')
  const path = `/exports/${done.export.id}.zip`
  expect((await ask(path)).status).toBe(401)
  const reply = await ask(path, inside())
  expect(reply.headers).toMatchObject({
    'content-type': 'application/zip',
    'content-length': String(reply.body.length),
  })
  expect(reply.headers['content-disposition']).toBe("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe-1-adapter.zip")
  const files = unzipSync(reply.body)
  expect(Object.keys(files).sort()).toEqual(['Grüße-1-adapter/adapter_config.json', 'Grüße-1-adapter/manifest.json'])
  expect(Buffer.from(files['Grüße-1-adapter/manifest.json']!)).toEqual(
    await readFile(join(done.export.folder, 'manifest.json')),
  )
  await client.exports.remove({ id: done.export.id })
  expect((await ask(path, inside())).status).toBe(404)
  await expect(stat(done.export.folder)).rejects.toThrow()
})
