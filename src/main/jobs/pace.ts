/** Coalesces requests: the action runs at most once in each period, and once more after the last request. */

type Pace = { request(): void; flush(): void; cancel(): void }

export function atMostEvery(periodMs: number, action: () => void): Pace {
  let timer: NodeJS.Timeout | undefined
  const cancel = () => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    cancel,
    request() {
      timer ??= setTimeout(() => {
        timer = undefined
        action()
      }, periodMs)
    },
    /** Runs the action now if it is due. */
    flush() {
      if (timer === undefined) return
      cancel()
      action()
    },
  }
}
