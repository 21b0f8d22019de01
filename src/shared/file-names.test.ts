import { expect, it } from 'vitest'
import { exportName, safeFileName } from './file-names'

it.each([
  ['Camelot facts on merlin-mini', 'Camelot-facts-on-merlin-mini'],
  ['a/b\\c:d*?', 'a-b-c-d'],
  ['Ünïcode 9.5', 'Ünïcode-9.5'],
  ['.hidden.', 'hidden'],
  ['///', 'untitled'],
  ['龍'.repeat(100), '龍'.repeat(60)],
])('safeFileName(%s)', (name, safe) => expect(safeFileName(name)).toBe(safe))

it('an export is called after what it is', () => {
  expect(exportName('my run', 'peft')).toBe('my-run-adapter')
  expect(exportName('my run', 'safetensors')).toBe('my-run-merged')
})
