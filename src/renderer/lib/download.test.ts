// @vitest-environment node
import { expect, it } from 'vitest'
import { csv, safeFileName } from './download'

it('csv quotes what needs it and leaves gaps empty', () =>
  expect(
    csv(
      ['step', 'a "name"'],
      [
        [1, null],
        [2, 'x,y\nz'],
      ],
    ),
  ).toBe('step,"a ""name"""\r\n1,\r\n2,"x,y\nz"\r\n'))

it.each([
  ['Camelot facts on merlin-mini', 'Camelot-facts-on-merlin-mini'],
  ['a/b\\c:d*?', 'a-b-c-d'],
  ['Ünïcode 9.5', 'Ünïcode-9.5'],
  ['///', 'untitled'],
])('safeFileName(%s)', (name, safe) => expect(safeFileName(name)).toBe(safe))
