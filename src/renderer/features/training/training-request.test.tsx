import { implement, ORPCError } from '@orpc/server'
import { QueryClientProvider } from '@tanstack/react-query'
import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { MemoryRouter, useLocation } from 'react-router'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { contract, type GivenArguments, type RunEntry, resolveArguments } from '../../../shared/contract'
import { queryClient } from '../../lib/queries'
import { serveInstead } from '../../testing/studio-instead'
import { type TrainRequest, useEstimate, useStart } from './training-request'

const training = implement(contract.training)
const context = { contextLength: 128, hasValidationData: false, hasPrompts: true }
const run = {
  id: 'run-7',
  name: 'facts on merlin',
  modelId: 'm',
  modelName: 'merlin',
  modelFolder: '/m',
  datasetId: 'd',
  datasetName: 'facts',
  status: 'queued',
  arguments: resolveArguments({}, {}, context),
  outputDir: '/r',
  step: 0,
  steps: 40,
  loss: null,
  evalLoss: null,
  tokensPerSecond: null,
  peakMemoryBytes: null,
  etaSeconds: null,
  checkpoints: [],
  bestStep: null,
  error: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  finishedAt: null,
} satisfies RunEntry

const request = (given: GivenArguments): TrainRequest => ({ modelId: 'm', datasetId: 'd', arguments: given })
const refuse = () => {
  throw new ORPCError('INVALID_ARGUMENT', {
    message: 'The batch is larger than the data set.',
    data: { argument: 'per_device_train_batch_size' },
  })
}
const isTooLarge = (given: GivenArguments) => (given.per_device_train_batch_size ?? 1) > 100

let started: GivenArguments[] = []
let close = () => {}
beforeEach(() => {
  started = []
  close = serveInstead({
    training: {
      estimate: training.estimate.handler(({ input }) =>
        isTooLarge(input.arguments)
          ? refuse()
          : {
              arguments: resolveArguments(input.arguments, {}, context),
              trainRows: 216,
              validationRows: 24,
              steps: 54 * (input.arguments.num_train_epochs ?? 3),
              stepsPerEpoch: 54,
              trainableParameters: 1000,
              totalParameters: 4000,
              tokensPerEpoch: null,
              seconds: null,
              methods: [],
              memory: { freeBytes: 8e9, shortage: null },
            },
      ),
      start: training.start.handler(({ input }) => {
        if (isTooLarge(input.arguments)) refuse()
        started.push(input.arguments)
        return run
      }),
    },
  })
})
afterEach(() => {
  close()
  queryClient.clear()
})

const wrapper = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={queryClient}>
    <MemoryRouter>{children}</MemoryRouter>
  </QueryClientProvider>
)
const slow = { timeout: 10_000 }

it('estimates again when the arguments change, and keeps the last figures meanwhile', async () => {
  const { result, rerender } = renderHook((given: GivenArguments) => useEstimate(request(given)), {
    wrapper,
    initialProps: {},
  })
  await waitFor(() => expect(result.current.data?.steps).toBe(162), slow)
  rerender({ num_train_epochs: 10 })
  expect(result.current.data?.steps).toBe(162)
  await waitFor(() => expect(result.current.data?.steps).toBe(540), slow)
})

it('an estimate that is refused names the argument', async () => {
  const { result } = renderHook(() => useEstimate(request({ per_device_train_batch_size: 500 })), { wrapper })
  await waitFor(
    () =>
      expect(result.current.refusal).toEqual({
        sentence: 'The batch is larger than the data set.',
        argument: 'per_device_train_batch_size',
      }),
    slow,
  )
})

it('starts what was asked for and goes to the run', async () => {
  const asked = request({ num_train_epochs: 7.5 })
  const { result } = renderHook(() => ({ ...useStart(asked), place: useLocation().pathname }), { wrapper })
  await act(() => result.current.start(asked))
  expect(started).toEqual([{ num_train_epochs: 7.5 }])
  expect(result.current.place).toBe('/runs/run-7')
})

it('stays, says why, and forgets it when the form has changed', async () => {
  const wrong = request({ per_device_train_batch_size: 500 })
  const { result, rerender } = renderHook((current: TrainRequest) => useStart(current), {
    wrapper,
    initialProps: wrong,
  })
  await act(() => result.current.start(wrong))
  expect(result.current).toMatchObject({ busy: false, refusal: { argument: 'per_device_train_batch_size' } })
  rerender(request({ per_device_train_batch_size: 4 }))
  expect(result.current.refusal).toBeNull()
  expect(started).toEqual([])
})
