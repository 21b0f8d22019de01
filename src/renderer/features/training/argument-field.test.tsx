import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { ArgumentField, type ArgumentFieldProps } from './argument-field'

beforeAll(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }))
})
afterEach(cleanup)

function show(part: Partial<ArgumentFieldProps>) {
  const setText = vi.fn()
  const props: ArgumentFieldProps = {
    name: 'learning_rate',
    text: undefined,
    open: 2e-3,
    origin: 'recommended',
    error: undefined,
    idle: null,
    setText,
    ...part,
  }
  render(
    <MantineProvider>
      <ArgumentField {...props} />
    </MantineProvider>,
  )
  return setText
}

const field = () => screen.getByLabelText('Learning rate') as HTMLInputElement

it('left open, shows the value in force and where it comes from', () => {
  show({})
  expect([field().value, field().placeholder]).toEqual(['', '0.002'])
  expect(screen.getByText('recommended by the model')).toBeTruthy()
  expect(screen.queryByLabelText('Reset Learning rate')).toBeNull()
})

it('hands on what is typed; an emptied field is left open again', () => {
  const setText = show({ text: '1e-3', origin: 'yours' })
  fireEvent.change(field(), { target: { value: '1e-4' } })
  fireEvent.change(field(), { target: { value: '' } })
  expect(setText.mock.calls).toEqual([
    ['learning_rate', '1e-4'],
    ['learning_rate', null],
  ])
})

it('says what is wrong where it is wrong, and resets', () => {
  const setText = show({ text: 'fast', origin: 'yours', error: 'Give a number.' })
  expect(screen.getByRole('alert').textContent).toBe('Give a number.')
  expect(field().getAttribute('aria-invalid')).toBe('true')
  expect(field().getAttribute('aria-describedby')).toContain(screen.getByRole('alert').id)
  fireEvent.click(screen.getByLabelText('Reset Learning rate'))
  expect(setText).toHaveBeenCalledWith('learning_rate', null)
})

it('a switch says whether it is on', () => {
  const setText = show({ name: 'shuffle', open: true, origin: 'default' })
  const control = screen.getByRole('switch', { name: 'Shuffle' }) as HTMLInputElement
  expect(control.checked).toBe(true)
  fireEvent.click(control)
  expect(setText).toHaveBeenCalledWith('shuffle', 'false')
})
