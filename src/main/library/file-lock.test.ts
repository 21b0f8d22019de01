import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFile } from './file-lock'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'camelot-lock-'))
  file = join(folder, 'a.lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('an exclusive lock stands alone, also within one process', () => {
  const lock = lockFile(file, 'exclusive')
  expect(lock).not.toBeNull()
  expect(lockFile(file, 'exclusive')).toBeNull()
  expect(lockFile(file, 'shared')).toBeNull()
  lock!.release()
  const next = lockFile(file, 'exclusive')
  expect(next).not.toBeNull()
  next!.release()
})

test('shared locks stand beside each other and keep an exclusive one out', () => {
  const [one, two] = [lockFile(file, 'shared'), lockFile(file, 'shared')]
  expect(lockFile(file, 'exclusive')).toBeNull()
  one!.release()
  expect(lockFile(file, 'exclusive')).toBeNull()
  two!.release()
  lockFile(file, 'exclusive')!.release()
})

test('the lock of a process that was killed is free', async () => {
  const libsql = join(import.meta.dirname, '../../../node_modules/libsql')
  const script = `new (require(${JSON.stringify(libsql)}))(${JSON.stringify(file)}).exec('BEGIN EXCLUSIVE'); console.log('held'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  expect(lockFile(file, 'exclusive')).toBeNull()
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = lockFile(file, 'exclusive')
  expect(lock).not.toBeNull()
  lock!.release()
})
