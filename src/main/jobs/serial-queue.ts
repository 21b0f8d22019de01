/** One task at a time, in the order they came. */

type SerialQueue = {
  /** Runs the task when its turn has come; resolves or throws as it does. */
  add<T>(task: () => Promise<T>): Promise<T>
}

export function serialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve()
  return {
    add(task) {
      const mine = last.then(task)
      last = mine.catch(() => {})
      return mine
    },
  }
}
