import { describe, expect, it } from 'vitest'
import { agrees } from './install.mjs'

const zod = { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-a' } }
const own = { '': { version: '0.1.0' } }

describe('what is installed', () => {
  it('agrees with the lock file when every package is there in its version', () => {
    expect(agrees({ ...own, ...zod }, zod)).toBe(true)
  })

  it('does not when a package is missing, is of another version or has other content', () => {
    expect(agrees(zod, {})).toBe(false)
    expect(agrees(zod, { 'node_modules/zod': { version: '4.6.6', integrity: 'sha512-a' } })).toBe(false)
    expect(agrees(zod, { 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-b' } })).toBe(false)
  })

  it('may lack what is for another system', () => {
    expect(agrees({ 'node_modules/@libsql/darwin-arm64': { version: '1.0.0', optional: true } }, {})).toBe(true)
  })
})
