/**
 * The generating process of the chat: kept warm between answers so that a model is loaded once, released when it has
 * been idle. Answers come one at a time; training has processes of its own.
 */
import { EngineError } from '../engine/protocol'
import { type EngineProcess, startEngine } from './engine-process'
import type { EventOf, JobOf } from './job-events'
import { type EngineScript, type JobOptions, runIn } from './run-job'

export type WarmGenerator = {
  run(job: JobOf<'generate'>, options?: JobOptions): AsyncGenerator<EventOf<'generate'>>
  close(): Promise<void>
}

const idleMs = 5 * 60_000

export function warmGenerator(engine: EngineScript, releaseAfterMs = idleMs): WarmGenerator {
  let process: EngineProcess | null = null
  let idle: NodeJS.Timeout | undefined
  let turn: Promise<void> = Promise.resolve()

  function awake(): EngineProcess {
    clearTimeout(idle)
    if (!process?.alive) process = startEngine(engine.script, engine.electron)
    return process
  }

  function release(): void {
    process?.kill()
    process = null
  }

  /** Resolves when the answers asked for before are done; the returned call lets the next one begin. */
  async function myTurn(): Promise<() => void> {
    const before = turn
    let done = () => {}
    turn = new Promise((resolve) => {
      done = resolve
    })
    await before
    return done
  }

  return {
    async *run(job, options) {
      const done = await myTurn()
      let finished = false
      try {
        options?.signal?.throwIfAborted()
        yield* runIn(awake(), job, options)
        finished = true
      } catch (failure) {
        finished = failure instanceof EngineError // the job's own failure, said by a process that is well
        throw failure
      } finally {
        // A job that was left in the middle may still be running in there.
        if (!finished) release()
        idle = setTimeout(release, releaseAfterMs).unref()
        done()
      }
    },
    async close() {
      clearTimeout(idle)
      const gone = process?.gone
      release()
      await gone
    },
  }
}
