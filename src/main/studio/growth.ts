/** Wakes those who watch a run when its log has grown. */
import { addAbortListener, EventEmitter } from 'node:events'

export type Growth = ReturnType<typeof createGrowth>

export function createGrowth() {
  const emitter = new EventEmitter().setMaxListeners(0)
  return {
    say: (run: string) => void emitter.emit(run),

    /** Listens from now on. `wait` resolves when the log grew since, the time is over, or the signal aborts. */
    listen(run: string, signal?: AbortSignal) {
      let wake = () => {}
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      let timer: NodeJS.Timeout | undefined
      const abort = signal && addAbortListener(signal, wake)
      emitter.once(run, wake)
      return {
        async wait(ms: number) {
          timer = setTimeout(wake, ms)
          await woken
        },
        close() {
          emitter.off(run, wake)
          clearTimeout(timer)
          abort?.[Symbol.dispose]()
        },
      }
    },
  }
}
