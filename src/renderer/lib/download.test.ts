// @vitest-environment node
import { expect, it } from 'vitest'
import { csv } from './download'

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
