/** Runs one job in a process of its own and yields its typed events. Whatever happens, the process is gone after. */
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineError } from '../engine/protocol'
import { type Action, type EngineProcess, startEngine } from './engine-process'
import type { EventOf, JobKind, JobOf } from './job-events'

export type EngineScript = { script: string; electron: boolean }

export type JobOptions = {
  /** Ends the job: a training run after a checkpoint, any other at once. */
  signal?: AbortSignal
  /** Is given the means to tell the job to pause, continue or stop. */
  onControl?: (control: (action: Action) => void) => void
  /** How long a job that was told to stop may take before its process is killed, in milliseconds. */
  patienceMs?: number
}

/** A checkpoint of a large model takes a while; anything else has nothing to save. */
const patience: Record<JobKind, number> = {
  train: 60_000,
  generate: 5_000,
  evaluate: 5_000,
  export: 10_000,
  inspect: 2_000,
  measure: 2_000,
  processor: 2_000,
}

/**
 * @throws EngineError for the job's failure, `cancelled` when it was aborted and had nothing to say about it.
 * @throws EngineDeath when its process went away.
 */
export async function* runJob<K extends JobKind>(
  engine: EngineScript,
  job: JobOf<K>,
  options: JobOptions = {},
): AsyncGenerator<EventOf<K>> {
  options.signal?.throwIfAborted()
  const process = startEngine(engine.script, engine.electron)
  try {
    yield* runIn(process, job, options)
  } finally {
    process.kill()
    await process.gone
  }
}

/** The same in a process that is there already and stays. One that does not stop in time is killed. */
export async function* runIn<K extends JobKind>(
  process: EngineProcess,
  job: JobOf<K>,
  { signal, onControl, patienceMs = patience[job.kind] }: JobOptions = {},
): AsyncGenerator<EventOf<K>> {
  const done = new AbortController()
  const stop = () => {
    process.control('stop')
    void sleep(patienceMs, undefined, { signal: done.signal, ref: false }).then(process.kill, () => {})
  }
  signal?.addEventListener('abort', stop, { once: true })
  onControl?.((action) => process.control(action))
  try {
    for await (const event of process.run(job)) {
      yield event
    }
  } catch (failure) {
    throw signal?.aborted ? cancelled(failure) : failure
  } finally {
    signal?.removeEventListener('abort', stop)
    done.abort()
  }
}

const cancelled = (failure: unknown) =>
  failure instanceof EngineError ? failure : new EngineError('cancelled', 'The job was stopped.')
