/**
 * The runs that this process works on: one trains, the others wait. Each event goes to the run's log first; those who
 * watch read the log, woken about ten times a second. Closing a watch never stops a run.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunEntry, RunStatus, TrainEvent, UnstampedTrainEvent } from '../../shared/contract'
import { EngineError, type TrainSpec } from '../engine/protocol'
import type { Action } from '../jobs/engine-process'
import { EngineDeath } from '../jobs/exit-report'
import { atMostEvery } from '../jobs/pace'
import { type EngineScript, runJob } from '../jobs/run-job'
import { serialQueue } from '../jobs/serial-queue'
import type { Library } from '../library'
import { conflict } from '../library/failure'
import type { FileLock } from '../library/file-lock'
import { openRunLog, type RunLogWriter } from '../library/run-log'
import { advance } from '../library/run-progress'
import type { Growth } from './growth'

export type Trainer = ReturnType<typeof createTrainer>

type ActiveRun = {
  id: string
  spec: TrainSpec
  lock: FileLock
  abort: AbortController
  /** Status of a run that is ended before its last step: by the person, or with the studio. */
  endsAs: 'stopped' | 'interrupted'
  finished: Promise<void>
  control: (action: Action) => void
  /** Writes what is known of the run to the catalogue now. */
  save: () => void
}

export function createTrainer(library: Library, engine: EngineScript, growth: Growth, patienceMs?: number) {
  const { runs, home } = library
  const active = new Map<string, ActiveRun>()
  const queue = serialQueue()

  /** Puts a claimed run in the queue. */
  function enqueue(spec: TrainSpec, lock: FileLock): void {
    const run: ActiveRun = {
      id: spec.run,
      spec,
      lock,
      abort: new AbortController(),
      endsAs: 'interrupted',
      finished: Promise.resolve(),
      control: () => {},
      save: () => {},
    }
    active.set(run.id, run)
    const withdrawn = new Promise<void>((resolve) =>
      run.abort.signal.addEventListener('abort', () => leaveQueue(run) && resolve(), { once: true }),
    )
    const trained = queue.add(async () => {
      if (!run.abort.signal.aborted) await train(run)
    })
    run.finished = Promise.race([withdrawn, trained])
  }

  /** A run that has not begun ends at once; one that trains ends by itself. */
  function leaveQueue(run: ActiveRun): boolean {
    if (runs.row(run.id).status !== 'queued') return false
    finish(run, run.endsAs)
    return true
  }

  function finish(run: ActiveRun, status: RunStatus): void {
    runs.update(run.id, { status, finishedAt: new Date().toISOString() })
    active.delete(run.id)
    run.lock.release()
    growth.say(run.id)
  }

  async function train(run: ActiveRun): Promise<void> {
    let status: RunStatus = 'failed'
    let log: RunLogWriter | null = null
    try {
      log = openRunLog(home.runLog(run.id))
      status = await follow(run, log)
    } catch (failure) {
      // Only the log itself can fail here: the disk is full, the folder is gone.
      const progress = { ...runs.row(run.id).progress, error: `The run's log cannot be written: ${reason(failure)}` }
      runs.update(run.id, { progress })
    } finally {
      log?.close()
      finish(run, status)
    }
  }

  /** Runs the job and records its events; answers the status the run ends with. */
  async function follow(run: ActiveRun, log: RunLogWriter): Promise<RunStatus> {
    let { progress, arguments: inForce } = runs.row(run.id)
    let status: RunStatus = 'running'
    let last: TrainEvent | null = null
    const save = atMostEvery(1_000, () => runs.update(run.id, { progress, arguments: inForce }))
    const wake = atMostEvery(100, () => growth.say(run.id))
    const record = (event: UnstampedTrainEvent) => {
      last = log.append(event)
      progress = advance(progress, last)
      if (last.type === 'start') inForce = last.arguments
      save.request()
      wake.request()
      const next = statusAfter(last, status)
      if (next === status) return
      status = next
      runs.update(run.id, { status })
    }
    run.save = save.flush
    runs.update(run.id, { status, finishedAt: null })
    try {
      const options = {
        signal: run.abort.signal,
        patienceMs,
        onControl: (tell: ActiveRun['control']) => (run.control = tell),
      }
      for await (const event of runJob(engine, { kind: 'train', spec: run.spec }, options)) record(event)
      return endOf(last, run.endsAs)
    } catch (failure) {
      if (failure instanceof EngineError && failure.code === 'cancelled') return run.endsAs
      save.flush()
      record(errorEvent(failure, progress, runs.get(run.id).checkpoints))
      return 'failed'
    } finally {
      wake.cancel()
      save.flush()
    }
  }

  /** The run if this process works on it. @throws StudioFailure CONFLICT where nobody or somebody else does. */
  async function mine(id: string): Promise<ActiveRun> {
    await runs.reap(id)
    const { name, status } = runs.row(id)
    const run = active.get(id)
    if (run) return run
    throw conflict(
      'run',
      id,
      status === 'queued' || status === 'running' || status === 'paused'
        ? `The run "${name}" is worked on by another Camelot process: control it there.`
        : `The run "${name}" is over (${status}).`,
    )
  }

  /** Waits until the run has left the status, which takes as long as the step in progress. */
  async function leaves(id: string, status: RunStatus): Promise<void> {
    for (let waited = 0; waited < 15_000 && runs.row(id).status === status; waited += 50) await sleep(50)
  }

  return {
    enqueue,
    isMine: (id: string): boolean => active.has(id),

    /** The entry, with what the running process knows by now. */
    entry(id: string): RunEntry {
      active.get(id)?.save()
      return runs.get(id)
    },
    entries(): RunEntry[] {
      for (const run of active.values()) run.save()
      return runs.list()
    },

    async pause(id: string): Promise<void> {
      const run = await mine(id)
      const { name, status } = runs.row(id)
      if (status === 'queued')
        throw conflict('run', id, `The run "${name}" has not begun: it waits for another to end.`)
      run.control('pause')
      await leaves(id, 'running')
    },

    async goOn(id: string): Promise<void> {
      const run = await mine(id)
      run.control('continue')
      await leaves(id, 'paused')
    },

    /** Saves a checkpoint and ends the run; resolves when it is over. */
    async stop(id: string): Promise<void> {
      const run = await mine(id)
      run.endsAs = 'stopped'
      run.abort.abort()
      await run.finished
    },

    /** Checkpoints and ends every run of this process. */
    async close(): Promise<void> {
      const running = [...active.values()]
      for (const run of running) run.abort.abort()
      await Promise.all(running.map(({ finished }) => finished))
    },
  }
}

function statusAfter(event: TrainEvent, status: RunStatus): RunStatus {
  if (event.type === 'paused') return 'paused'
  if (event.type === 'continued' || event.type === 'start') return 'running'
  return status
}

function endOf(last: TrainEvent | null, endsAs: RunStatus): RunStatus {
  if (last?.type !== 'done') throw new EngineDeath('crashed', 'The engine ended the run without saying how')
  return last.stopped ? endsAs : 'done'
}

const reason = (failure: unknown) => (failure instanceof Error ? failure.message : String(failure))

/** The failure as the log's last event: what happened, where, and how the run can go on. */
function errorEvent(
  failure: unknown,
  { step }: { step: number },
  checkpoints: RunEntry['checkpoints'],
): UnstampedTrainEvent {
  if (failure instanceof EngineError) return { type: 'error', code: failure.code, message: failure.message }
  if (!(failure instanceof EngineDeath)) return { type: 'error', code: 'defect', message: reason(failure) }
  const checkpoint = checkpoints.at(-1)
  const remedy = checkpoint
    ? `the run can be resumed from checkpoint-${checkpoint.step}`
    : 'there is no checkpoint yet, so resuming starts it again'
  const message = `${failure.what} at step ${step}; ${remedy}. ${failure.advice}`.trim()
  return { type: 'error', code: failure.code, message }
}
