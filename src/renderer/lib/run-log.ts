/**
 * The events of runs, as the window has received them. A run is watched while something shows it; when the connection
 * drops, the watch goes on from the last sequence number, so that nothing is missing and nothing comes twice.
 */
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { TrainEvent } from '../../shared/contract'
import { studio } from './client'
import { sentence } from './failure'

export type RunLog = {
  events: TrainEvent[]
  /** True once the studio has nothing further to replay for now. */
  settled: boolean
  /** Why the log cannot be read; null when it can. */
  problem: string | null
}

export type Watch = (after: number, signal: AbortSignal) => Promise<AsyncIterable<TrainEvent>>

const empty: RunLog = { events: [], settled: false, problem: null }
const retryDelayMs = 500
/** Events are shown in batches, eight a second at most; drawing them may take a fifth of the page's time, no more. */
const shortestPauseMs = 120
const longestPauseMs = 2_000
const pauseAfter = (drawingMs: number) => Math.min(longestPauseMs, Math.max(shortestPauseMs, 4 * drawingMs))

/** One run's log. `start` and `stop` are counted: the watch is closed with the last of its viewers. */
export class RunWatcher {
  #log: RunLog = empty
  #listeners = new Set<() => void>()
  #incoming: TrainEvent[] = []
  #timer: ReturnType<typeof setTimeout> | null = null
  #viewers = 0
  #pauseMs = shortestPauseMs
  #abort: AbortController | null = null
  #lastSeq = 0
  #ended = false

  constructor(private readonly watch: Watch) {}

  get = (): RunLog => this.#log

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    this.#viewers += 1
    if (this.#abort) return
    this.#abort = new AbortController()
    void this.#follow(this.#abort.signal)
  }

  stop(): void {
    this.#viewers -= 1
    if (this.#viewers > 0) return
    this.#abort?.abort()
    this.#abort = null
  }

  /** Watches again where the stream has ended, as when a finished run was resumed. */
  again(): void {
    if (this.#abort && this.#ended) void this.#follow(this.#abort.signal)
  }

  async #follow(signal: AbortSignal): Promise<void> {
    this.#ended = false
    while (!signal.aborted) {
      try {
        const events = await this.watch(this.#lastSeq, signal)
        this.#quietSoon()
        for await (const event of events) this.#take(event)
        return this.#end()
      } catch (error) {
        if (signal.aborted) return
        if (isMissing(error)) return this.#end(sentence(error))
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs))
      }
    }
  }

  #end(problem: string | null = null) {
    this.#ended = true
    this.#settle(problem)
  }

  #take(event: TrainEvent) {
    if (event.seq <= this.#lastSeq) return
    this.#lastSeq = event.seq
    this.#incoming.push(event)
    this.#quietSoon()
  }

  #quietSoon() {
    this.#timer ??= setTimeout(() => this.#settle(), this.#pauseMs)
  }

  #settle(problem: string | null = null) {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const fresh = this.#incoming
    this.#incoming = []
    if (fresh.length === 0 && this.#log.settled && this.#log.problem === problem) return
    this.#log = { events: fresh.length ? [...this.#log.events, ...fresh] : this.#log.events, settled: true, problem }
    const began = performance.now()
    for (const listener of [...this.#listeners]) listener()
    // What the listeners asked to be drawn is drawn before the next task.
    setTimeout(() => {
      this.#pauseMs = pauseAfter(performance.now() - began)
    }, 0)
  }
}

const isMissing = (error: unknown) => (error as { code?: unknown })?.code === 'NOT_FOUND'

const watchers = new Map<string, RunWatcher>()

function watcherOf(id: string): RunWatcher {
  const known = watchers.get(id)
  if (known) return known
  const made = new RunWatcher((after, signal) => studio.runs.watch({ id, after }, { signal }))
  watchers.set(id, made)
  return made
}

/**
 * The run's log, live while the component is shown (and `enabled`). A change of `status` between ended and going
 * watches again.
 */
export function useRunLog(id: string, status: string | undefined, enabled = true): RunLog {
  const watcher = useMemo(() => watcherOf(id), [id])
  const going = status === 'queued' || status === 'running' || status === 'paused'
  useEffect(() => {
    if (!enabled) return
    watcher.start()
    return () => watcher.stop()
  }, [watcher, enabled])
  useEffect(() => {
    if (going) watcher.again()
  }, [watcher, going])
  return useSyncExternalStore(watcher.subscribe, watcher.get)
}
