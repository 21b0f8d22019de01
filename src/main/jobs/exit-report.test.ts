import { expect, test } from 'vitest'
import { deathOf } from './exit-report'

test.each([
  [
    { code: null, signal: 'SIGKILL' as const, output: '', memoryKills: 0 },
    'killed',
    /was killed \(SIGKILL\)\. If nobody did that/,
  ],
  [
    { code: null, signal: 'SIGSEGV' as const, output: '', memoryKills: 0 },
    'crashed',
    /^The engine's process crashed \(SIGSEGV\)\.$/,
  ],
  [
    { code: 134, signal: null, output: 'FATAL ERROR: JavaScript heap out of memory\n', memoryKills: 0 },
    'out_of_memory',
    /ran out of memory/,
  ],
  [
    { code: null, signal: 'SIGABRT' as const, output: 'what(): std::bad_alloc\n', memoryKills: 0 },
    'out_of_memory',
    /smaller batch size/,
  ],
  [
    { code: null, signal: 'SIGKILL' as const, output: '', memoryKills: 1 },
    'out_of_memory',
    /^The system killed the engine's process because memory ran out\. Try a smaller/,
  ],
])('%o is %s', (exit, code, sentence) => {
  const death = deathOf(exit)
  expect(death.code).toBe(code)
  expect(death.message).toMatch(sentence)
})

test('a crash repeats the last words that say something', () => {
  const output = 'loading\nError: cannot open shared object file\n    at Module.load (x.js:1)\n\nNode.js v20.1.0\n'
  expect(deathOf({ code: 1, signal: null, output, memoryKills: 0 }).message).toBe(
    "The engine's process ended by itself (exit code 1). It last said: Error: cannot open shared object file",
  )
})
