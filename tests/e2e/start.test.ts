/** `npm start` from a copy of the checkout: builds once, skips what is up to date, answers, ends in order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ended, root } from './host'

const copy = mkdtempSync(join(tmpdir(), 'camelot-start-'))
const home = join(copy, 'home')

/** What `npm start` needs of a checkout; the installed packages are lent. */
beforeAll(() => {
  const needed = (name: string) =>
    /^(src|scripts|resources|package(-lock)?\.json|electron\.vite.*|tsconfig.*)$/.test(name)
  for (const name of readdirSync(root).filter(needed)) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

type Start = { child: ChildProcess; url: Promise<string>; said: () => string; closed: Promise<number | null> }

function start(...args: string[]): Start {
  const child = spawn(process.execPath, ['scripts/start.mjs', '--no-open', '--home', home, ...args], { cwd: copy })
  let said = ''
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const url = new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk
      const address = /http:\/\/\S+/.exec(said)
      if (address) resolve(address[0])
    }
    child.stdout!.on('data', listen)
    child.stderr!.on('data', (chunk) => {
      said += chunk
    })
    void closed.then((status) => reject(new Error(`It ended with exit status ${status}: ${said}`)))
  })
  url.catch(() => {})
  return { child, url, said: () => said, closed }
}

/** Whether the address leads to the window's page, through the cookie that its token gives. */
async function opensStudio(url: string): Promise<boolean> {
  const entered = await fetch(url, { redirect: 'manual' })
  const cookie = entered.headers.getSetCookie()[0]!.split(';')[0]!
  const page = await fetch(new URL('/', url), { headers: { cookie } })
  return page.status === 200 && (await page.text()).includes('<title>Camelot Studio</title>')
}

describe('npm start', () => {
  it('builds, prints the address, serves the studio and ends in order on Ctrl-C', async () => {
    const first = start()
    expect(await opensStudio(await first.url)).toBe(true)
    expect(first.said()).toContain('Building …')
    expect(existsSync(join(home, 'catalogue.sqlite'))).toBe(true)
    first.child.kill('SIGINT')
    expect(await first.closed).toBe(0)
  })

  it('skips what is up to date, and is usable within five seconds', async () => {
    const builtAt = statSync(join(copy, 'out/main/cli.cjs')).mtimeMs
    const startedAt = Date.now()
    const second = start()
    expect(await opensStudio(await second.url)).toBe(true)
    expect(Date.now() - startedAt).toBeLessThan(5_000)
    expect(statSync(join(copy, 'out/main/cli.cjs')).mtimeMs).toBe(builtAt)
    expect(second.said()).not.toContain('Building')
    await ended(second.child, 'SIGINT')
  })

  it('listens on the port that was asked for, and says in a sentence when it is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const refused = start('--port', String(port))
    expect(await refused.closed).toBe(1)
    expect(refused.said()).toMatch(new RegExp(`${port}.*(use|port)`))
    expect(refused.said()).not.toMatch(/\n\s+at /)
    await new Promise((resolve) => other.close(resolve))
    const accepted = start('--port', String(port))
    expect(new URL(await accepted.url).port).toBe(String(port))
    await ended(accepted.child, 'SIGINT')
  })

  it('refuses what it does not know with a sentence', async () => {
    const refused = start('--prot', '1')
    expect(await refused.closed).toBe(2)
    expect(refused.said()).toContain('--prot')
  })
})
