import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { externalAddress, isOwnAddress } from './origin'
import { pageFile } from './page-files'

const folder = join('/srv', 'renderer')
const pathOf = (address: string) => pageFile(folder, address)?.path ?? null

describe('files of the window', () => {
  it.each([
    ['app://studio/', 'index.html'],
    ['app://studio/index.html', 'index.html'],
    ['app://studio/runs/abc', 'index.html'],
    ['app://studio/assets/index-1.js', 'assets/index-1.js'],
    ['app://studio/assets/a%20b.css', 'assets/a b.css'],
  ])('answers %s with %s', (address, file) => {
    expect(pathOf(address)).toBe(join(folder, file))
  })

  it.each([
    'app://studio/..%2f..%2fsecret.json',
    'app://studio/assets/..%2f..%2f..%2fsecret.json',
    'app://studio/..%5csecret.json',
    'app://studio/a%00.js',
    'app://studio/%E0%A4%A.js',
    'app://studio/secret.sqlite',
    'app://other/index.html',
    'file:///srv/renderer/index.html',
    'https://studio/index.html',
  ])('refuses %s', (address) => {
    expect(pathOf(address)).toBeNull()
  })

  it('stays inside the folder where the address itself is folded', () => {
    expect(pathOf('app://studio/../../renderer-secret/a.js')).toBe(join(folder, 'renderer-secret/a.js'))
    expect(pathOf('app://studio/%2e%2e/%2E./a.js')).toBe(join(folder, 'a.js'))
  })

  it('does not mistake a neighbour with the same beginning for the folder', () => {
    expect(pathOf('app://studio/..%2frenderer-secret%2fa.js')).toBeNull()
  })

  it('names the type of the content', () => {
    expect(pageFile(folder, 'app://studio/a.js')?.contentType).toBe('text/javascript; charset=utf-8')
  })
})

describe('addresses', () => {
  it('knows its own', () => {
    expect(isOwnAddress('app://studio/chat')).toBe(true)
    expect(isOwnAddress('app://studio.evil/chat')).toBe(false)
    expect(isOwnAddress('https://studio/')).toBe(false)
    expect(isOwnAddress('')).toBe(false)
    expect(isOwnAddress(undefined)).toBe(false)
  })

  it.each(['file:///etc/passwd', 'javascript:alert(1)', 'smb://host/x', 'app://studio/', 'nonsense'])(
    'sends no %s to the browser',
    (address) => expect(externalAddress(address)).toBeNull(),
  )

  it('sends web addresses to the browser', () => {
    expect(externalAddress('https://example.org/a?b')).toBe('https://example.org/a?b')
  })
})
