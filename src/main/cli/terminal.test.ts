import { describe, expect, it } from 'vitest'
import { type Stream, Terminal } from './terminal'

function streams(isTTY: boolean) {
  const written = { output: '', notes: '' }
  const stream = (name: 'output' | 'notes'): Stream => ({
    isTTY,
    columns: 60,
    write: (text) => (written[name] += text),
  })
  return { written, output: stream('output'), notes: stream('notes') }
}
const bar = { done: 3, total: 4, label: 'training', figures: ['loss 1.0000', 'a figure that is too long for the rest'] }

describe('terminal', () => {
  it('prints results as JSON lines, and nothing else beside them', () => {
    const { written, output, notes } = streams(false)
    const terminal = new Terminal(true, output, notes, {})
    terminal.result({ a: 1 }, () => ['readable'])
    terminal.lines(() => ['readable'])
    terminal.note('a note')
    terminal.warn('a warning')
    terminal.progress(bar)
    expect(written).toEqual({ output: '{"a":1}\n', notes: 'a note\nwarning: a warning\n' })
  })

  it('colours only a terminal, and not where NO_COLOR asks for none', () => {
    for (const [isTTY, environment, expected] of [
      [true, {}, '\u001b[1mx\u001b[22m\n'],
      [true, { NO_COLOR: '1' }, 'x\n'],
      [true, { TERM: 'dumb' }, 'x\n'],
      [false, {}, 'x\n'],
    ] as const) {
      const { written, output, notes } = streams(isTTY)
      new Terminal(false, output, notes, environment).result({}, (paint) => [paint.bold('x')])
      expect(written.output).toBe(expected)
    }
  })

  it('draws a bar that fits, and keeps it under everything that is printed', () => {
    const { written, output, notes } = streams(true)
    const terminal = new Terminal(true, output, notes, { NO_COLOR: '1' })
    const drawn = `\rtraining  ${'█'.repeat(18)}${'░'.repeat(6)}   75 %  loss 1.0000\u001b[K`
    const erased = '\r\u001b[K'
    terminal.progress(bar)
    expect(written.notes).toBe(drawn)
    terminal.result(1, () => [])
    expect(written.notes).toBe(drawn + erased + drawn)
    terminal.note('a note')
    terminal.endProgress()
    terminal.result(2, () => [])
    expect(written).toEqual({ output: '1\n2\n', notes: `${drawn}${erased}${drawn}${erased}a note\n${drawn}${erased}` })
  })

  it('ends a streamed text before the next line', () => {
    const { written, output, notes } = streams(false)
    const terminal = new Terminal(false, output, notes, {})
    terminal.piece('one')
    terminal.piece(' two')
    terminal.result({}, () => ['three'])
    expect(written.output).toBe('one two\nthree\n')
  })
})
