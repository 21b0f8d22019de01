import type { IncomingMessage } from 'node:http'
import { hostname } from 'node:os'
import { describe, expect, test } from 'vitest'
import { createAccess, isLoopback } from './access'

const request = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage

test.each(['127.0.0.1', '127.9.9.9', 'localhost', '::1'])('%s is loopback', (host) =>
  expect(isLoopback(host)).toBe(true),
)
test.each(['127.0.0.1.evil.example', '127.evil', '0.0.0.0', '10.0.0.1', '::', 'localhost.evil'])('%s is not', (host) =>
  expect(isLoopback(host)).toBe(false),
)

describe('on every address', () => {
  const access = createAccess('0.0.0.0', 4000)
  const allowed = (host: string) => access.hostAllowed(request({ host }))

  test('any address of the machine will do, and its own names, but no other name', () => {
    expect(access.origin).toBe('http://127.0.0.1:4000')
    for (const host of ['192.168.1.7:4000', '[fe80::1]:4000', 'localhost:4000', `${hostname()}:4000`])
      expect(allowed(host)).toBe(true)
    for (const host of ['evil.example:4000', '192.168.1.7:4001', '192.168.1.7.evil.example:4000', '[::1', ':4000'])
      expect(allowed(host)).toBe(false)
  })

  test('the origin must be the host that was asked', () => {
    const from = (origin: string) => access.originAllowed(request({ host: '192.168.1.7:4000', origin }))
    expect(from('http://192.168.1.7:4000')).toBe(true)
    expect(from('http://192.168.1.8:4000')).toBe(false)
  })
})

test('a browser leaves out port 80', () => {
  const access = createAccess('127.0.0.1', 80)
  expect(access.hostAllowed(request({ host: '127.0.0.1' }))).toBe(true)
  expect(access.originAllowed(request({ host: 'localhost', origin: 'http://localhost' }))).toBe(true)
})

test('an IPv6 address is written in brackets', () => {
  const access = createAccess('::1', 4000)
  expect(access.origin).toBe('http://[::1]:4000')
  expect(access.hostAllowed(request({ host: '[::1]:4000' }))).toBe(true)
})

test('the cookie is found among others and compared whole', () => {
  const access = createAccess('127.0.0.1', 4000)
  const own = access.cookie.split(';')[0]!
  expect(access.signedIn(request({ cookie: `a=b; ${own}; c=d` }))).toBe(true)
  expect(access.signedIn(request({ cookie: own.slice(0, -1) }))).toBe(false)
  expect(access.signedIn(request({ cookie: `${own}x` }))).toBe(false)
  expect(access.signedIn(request({}))).toBe(false)
  expect(access.tokenIs(access.token)).toBe(true)
  expect(access.tokenIs('')).toBe(false)
})
