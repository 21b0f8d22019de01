/**
 * Measuring the methods on this machine. The trial lives outside the components, so that it goes on while the person
 * looks at another place; its figures hold for the request that they were measured with, whatever its method.
 */
import { useSyncExternalStore } from 'react'
import { type Measurement, type TrainingMethodId, trainingMethods } from '../../../shared/contract'
import { studio } from '../../lib/client'
import { sentence } from '../../lib/failure'
import { createStore } from '../../lib/store'
import type { TrainRequest } from './training-request'

export type Outcome = { measurement: Measurement } | { problem: string }
export type Trial = {
  /** What was asked for, without its method. */
  key: string
  /** The method at work and its step; null when the trial is over. */
  now: { method: TrainingMethodId; step: number; steps: number } | null
  outcomes: Partial<Record<TrainingMethodId, Outcome>>
  /** Why nothing could be measured. */
  problem: string | null
}

const nothing: Trial = { key: '', now: null, outcomes: {}, problem: null }
const store = createStore<Trial>(nothing)
let abort: AbortController | null = null

/** Requests that differ in name and method alone have the same figures. */
export function keyOf({ name: _, arguments: given, ...rest }: TrainRequest): string {
  const { method: __, base_quantization: ___, ...others } = given
  return JSON.stringify({ ...rest, ...others })
}

/** The trial of this request, and what can be done about it. */
export function useTrial(request: TrainRequest | undefined) {
  const trial = useSyncExternalStore(store.subscribe, store.get)
  const own = request && trial.key === keyOf(request) ? trial : nothing
  return {
    ...own,
    running: trial.now !== null,
    measure: () => request && void measureAll(request),
    cancel: () => abort?.abort(),
  }
}

/** Forgets what was measured. For tests. */
export const forgetTrial = (): void => store.set(nothing)

async function measureAll(request: TrainRequest): Promise<void> {
  abort?.abort()
  const mine = new AbortController()
  abort = mine
  const methods = trainingMethods.map(({ id }) => id)
  const change = (part: Partial<Trial>) => abort === mine && store.set((trial) => ({ ...trial, ...part }))
  const keep = (method: TrainingMethodId, outcome: Outcome) =>
    change({ outcomes: { ...store.get().outcomes, [method]: outcome } })
  store.set({ ...nothing, key: keyOf(request), now: { method: methods[0]!, step: 0, steps: 0 } })
  try {
    const events = await studio.training.measure({ ...request, methods }, { signal: mine.signal })
    for await (const event of events)
      if (event.type === 'measuring') change({ now: event })
      else if (event.type === 'measured') keep(event.method, { measurement: event.measurement })
      else keep(event.method, { problem: event.message })
  } catch (error) {
    if (!mine.signal.aborted) change({ problem: sentence(error) })
  } finally {
    change({ now: null })
  }
}
