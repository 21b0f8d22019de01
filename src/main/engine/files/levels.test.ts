import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeLevels } from './levels'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'camelot-levels-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('makes what is missing, and lets be what is there', () => {
  const deep = join(folder, 'a/b/c')
  makeLevels(deep)
  writeFileSync(join(deep, 'letter'), 'mine')
  makeLevels(deep)
  expect(statSync(join(deep, 'letter')).size).toBe(4)
})

it('goes through a link to a folder', () => {
  mkdirSync(join(folder, 'real'))
  symlinkSync(join(folder, 'real'), join(folder, 'link'))
  makeLevels(join(folder, 'link/a'))
  expect(existsSync(join(folder, 'real/a'))).toBe(true)
})

it.each([
  ['a file in its place', 'file', 'EEXIST'],
  ['a file above it', 'file/a/b', 'ENOTDIR'],
  ['a link to nowhere', 'nowhere', 'EEXIST'],
])('refuses %s', (_, path, code) => {
  writeFileSync(join(folder, 'file'), '')
  symlinkSync(join(folder, 'gone'), join(folder, 'nowhere'))
  expect(() => makeLevels(join(folder, path))).toThrow(expect.objectContaining({ code }))
})

it.runIf(existsSync('/proc/self'))('ends where the system lets no folder be', () => {
  for (const path of ['/proc/camelot', '/proc/camelot/a/b'])
    expect(() => makeLevels(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
})
