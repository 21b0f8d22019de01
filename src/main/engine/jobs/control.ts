/** What a person asks of a running job. The job looks between two steps, since a native call holds its process. */
export type Control = {
  /** End early: a training run saves first. */
  readonly stopping: boolean
  readonly pausing: boolean
  /** Aborted by `stop`, for work that can be cut anywhere. */
  readonly signal: AbortSignal
  /** Lets waiting messages in; to be awaited between two native calls. */
  breathe(): Promise<void>
  /** Resolves when the pause ends, or the job is to stop. */
  resumed(): Promise<void>
}

export type ControlSwitch = Control & { stop(): void; pause(): void; continue(): void }

export function control(): ControlSwitch {
  const abort = new AbortController()
  let paused = false
  let wake: (() => void) | null = null
  const awake = () => {
    wake?.()
    wake = null
  }
  return {
    get stopping() {
      return abort.signal.aborted
    },
    get pausing() {
      return paused && !abort.signal.aborted
    },
    signal: abort.signal,
    breathe: () => new Promise((resolve) => setImmediate(resolve)),
    async resumed() {
      while (paused && !abort.signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    },
    stop() {
      abort.abort()
      awake()
    },
    pause() {
      paused = true
    },
    continue() {
      paused = false
      awake()
    },
  }
}
