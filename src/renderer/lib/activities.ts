/** What goes on while the person looks elsewhere (imports, uploads, exports), and short notes. Shown in a corner. */
import { createStore } from './store'

export type Activity = {
  id: string
  title: string
  /** What is happening, or how it ended. */
  detail: string
  /** Share done, 0 to 1; null where it cannot be known. */
  progress: number | null
  state: 'active' | 'done' | 'failed'
  /** Where to look at the result, as a path of the window. */
  link: { to: string; label: string } | null
  /** What the person can still do about it, such as taking it back. */
  action: { label: string; run(): void } | null
}

export const activities = createStore<Activity[]>([])

let counter = 0

export type ActivityHandle = {
  update(part: Partial<Pick<Activity, 'title' | 'detail' | 'progress'>>): void
  done(detail: string, link?: Activity['link']): void
  fail(detail: string): void
}

export function beginActivity(title: string, detail: string): ActivityHandle {
  counter += 1
  const id = `activity-${counter}`
  activities.set((list) => [...list, { id, title, detail, progress: null, state: 'active', link: null, action: null }])
  const change = (part: Partial<Activity>) =>
    activities.set((list) => list.map((each) => (each.id === id ? { ...each, ...part } : each)))
  return {
    update: change,
    done(text, link = null) {
      change({ state: 'done', progress: 1, detail: text, link })
      setTimeout(() => dismissActivity(id), 6000)
    },
    fail: (text) => change({ state: 'failed', progress: null, detail: text }),
  }
}

export const dismissActivity = (id: string): void =>
  activities.set((list) => list.filter((activity) => activity.id !== id))

/** Dismisses everything but what is still under way. */
export const dismissEnded = (): void => activities.set((list) => list.filter(({ state }) => state === 'active'))

/** A short note that something failed; it stays until it is dismissed. */
export const noteFailure = (title: string, detail: string): void => beginActivity(title, '').fail(detail)

/** A note that something was done, with a way back for `milliseconds`. */
export function noteUndoable(title: string, undo: () => void, milliseconds = 10_000): void {
  counter += 1
  const id = `activity-${counter}`
  const action = {
    label: 'Undo',
    run: () => {
      dismissActivity(id)
      undo()
    },
  }
  activities.set((list) => [...list, { id, title, detail: '', progress: 1, state: 'done', link: null, action }])
  setTimeout(() => dismissActivity(id), milliseconds)
}
