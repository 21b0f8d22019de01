import { MantineProvider } from '@mantine/core'
import { implement } from '@orpc/server'
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { contract, type Estimate, type TrainingMethodId } from '../../../shared/contract'
import { serveInstead } from '../../testing/studio-instead'
import { MethodCards } from './method-cards'
import type { TrainRequest } from './training-request'
import { forgetTrial, keyOf, useTrial } from './trial'

/** The machine that runs the tests may be busy. */
const slow = { timeout: 15_000 }
vi.setConfig({ testTimeout: 30_000 })

const training = implement(contract.training)
const request: TrainRequest = { modelId: 'm', datasetId: 'd', arguments: { lora_r: 4 } }
const estimate = {
  methods: [
    { id: 'lora', memoryBytes: 1.9e9, seconds: 720 },
    { id: 'qlora', memoryBytes: 0.8e9, seconds: null },
  ],
} as unknown as Estimate

beforeAll(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }))
})
let close = () => {}
afterEach(() => {
  cleanup()
  forgetTrial()
  close()
})

function Cards({
  asked = request,
  onChange = () => {},
}: {
  asked?: TrainRequest
  onChange?: (id: TrainingMethodId) => void
}) {
  const trial = useTrial(asked)
  return (
    <MantineProvider>
      <MethodCards
        value="lora"
        onChange={({ id }) => onChange(id)}
        estimate={estimate}
        trial={trial}
        advice="int8 is fast here."
        ready
      />
    </MantineProvider>
  )
}

const card = (name: string) => screen.getByRole('radio', { name })
const says = (name: string, text: string | RegExp) => within(card(name)).getByText(text)

/** Rejects when the caller leaves. */
const until = (signal: AbortSignal | undefined) =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))

/** Serves trials that come to the same for every method but one. */
function serveTrials() {
  let stopped = false
  close = serveInstead({
    training: {
      measure: training.measure.handler(async function* ({ input, signal }) {
        try {
          for (const method of input.methods) {
            yield { type: 'measuring', method, step: 0, steps: 2 }
            if (method === 'full') {
              yield { type: 'failed', method, message: 'This run needs about 9.4 GB of memory.' }
              await until(signal)
              return
            }
            const measurement = { peakMemoryBytes: 1.25e9, secondsPerStep: 2, tokensPerSecond: 50, seconds: 65 }
            yield { type: 'measured', method, measurement }
          }
        } finally {
          stopped = true
        }
      }),
    },
  })
  return () => stopped
}

it('shows about what each method would take, and what is not known', () => {
  render(<Cards />)
  expect(card('LoRA').getAttribute('aria-checked')).toBe('true')
  says('LoRA', 'about 1.9 GB')
  says('LoRA', 'about 12 min')
  says('QLoRA', 'about 800 MB')
  says('QLoRA', 'time not known')
  says('Full', '–')
  expect(screen.getByText('int8 is fast here.')).toBeTruthy()
})

it('hands on the choice', () => {
  const onChange = vi.fn()
  render(<Cards onChange={onChange} />)
  fireEvent.click(card('LoRA over int8'))
  expect(onChange.mock.calls).toEqual([['int8']])
})

it('measures each method, says what failed, and stops when asked', async () => {
  const stopped = serveTrials()
  const { rerender } = render(<Cards />)
  fireEvent.click(screen.getByRole('button', { name: 'Measure on this machine' }))
  await waitFor(() => says('Full', 'This run needs about 9.4 GB of memory.'), slow)
  for (const name of ['LoRA', 'QLoRA', 'LoRA over int8']) {
    says(name, '1.3 GB')
    says(name, '1 min 5 s')
    says(name, 'measured')
  }
  fireEvent.click(screen.getByRole('button', { name: 'Stop measuring' }))
  await waitFor(() => expect(stopped()).toBe(true), slow)
  await screen.findByRole('button', { name: 'Measure on this machine' }, slow)
  rerender(<Cards asked={{ ...request, arguments: { lora_r: 8 } }} />)
  says('LoRA', 'about 1.9 GB')
})

it('keeps the figures over another method and another name, and over nothing else', () => {
  const key = keyOf(request)
  expect(keyOf({ ...request, name: 'mine', arguments: { method: 'qlora', base_quantization: 'fp4', lora_r: 4 } })).toBe(
    key,
  )
  expect(keyOf({ ...request, arguments: { lora_r: 4, seed: 1 } })).not.toBe(key)
  expect(keyOf({ ...request, datasetId: 'e' })).not.toBe(key)
})
