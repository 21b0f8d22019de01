/**
 * One engine process: forked, asked to run one job at a time, told to pause or stop, killed. Every message that
 * arrives is parsed. A death while a job runs fails that job and nothing else.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { EventEmitter, on, once } from 'node:events'
import { EngineError, FromEngine, type ToEngine } from '../engine/protocol'
import { deathOf, EngineDeath } from './exit-report'
import { type EventOf, type JobKind, type JobOf, parseEvent } from './job-events'
import { memoryKills } from './memory-kills'

export type Action = 'stop' | 'pause' | 'continue'

export type EngineProcess = {
  readonly pid: number | undefined
  readonly alive: boolean
  /** Runs a job and yields its events. @throws EngineError for its failure, EngineDeath for the process's end. */
  run<K extends JobKind>(job: JobOf<K>): AsyncGenerator<EventOf<K>>
  /** Tells the running job; does nothing when there is none. */
  control(action: Action): void
  kill(): void
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
}

const outputKept = 8_192

/** Forks the script. `electron` says that this process is Electron, whose binary then runs as plain Node. */
export function startEngine(script: string, electron: boolean): EngineProcess {
  const killsBefore = memoryKills()
  const child = fork(script, [], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'json',
    env: { ...process.env, ...(electron && { ELECTRON_RUN_AS_NODE: '1' }) },
  })
  const output = tailOf(child)
  child.on('error', () => {}) // what could not be started or sent shows in the exit
  const exit = exitOf(child)
  let jobs = 0
  let running: { id: string; mail: EventEmitter } | null = null
  let death: EngineDeath | null = null

  child.on('message', (raw) => {
    const message = FromEngine.safeParse(raw)
    if (!message.success) return fail(new EngineDeath('crashed', 'The engine sent a message that is not understood'))
    deliver(message.data)
  })
  const gone = exit.then(({ code, signal }) => {
    death ??= deathOf({ code, signal, output: output(), memoryKills: memoryKills() - killsBefore })
    running?.mail.emit('error', death)
  })

  function deliver(message: FromEngine): void {
    if (message.type === 'ready' || message.id !== running?.id) return
    const { mail } = running
    if (message.type === 'event') mail.emit('event', message.event)
    else if (message.type === 'end') mail.emit('end')
    else mail.emit('error', new EngineError(message.code, message.message))
  }

  function fail(reason: EngineDeath): void {
    death ??= reason
    running?.mail.emit('error', reason)
    child.kill('SIGKILL')
  }

  function send(message: ToEngine): void {
    // A channel that is closed shows in the process's exit, which fails the job.
    if (child.connected) child.send(message, () => {})
  }

  return {
    pid: child.pid,
    gone,
    get alive() {
      return death === null && child.connected
    },
    async *run<K extends JobKind>(job: JobOf<K>): AsyncGenerator<EventOf<K>> {
      if (running) throw new Error('An engine process runs one job at a time.')
      if (death) throw death
      const mail = new EventEmitter()
      const id = `job-${++jobs}`
      running = { id, mail }
      const events = on(mail, 'event', { close: ['end'] })
      mail.on('error', () => {}) // the iterator has its own listener; one more keeps a late death from being uncaught
      try {
        send({ type: 'run', id, job })
        for await (const [event] of events) yield understood(job.kind as K, event)
      } finally {
        running = null
      }
    },
    control(action) {
      if (running) send({ type: 'control', id: running.id, action })
    },
    kill: () => void child.kill('SIGKILL'),
  }
}

function understood<K extends JobKind>(kind: K, event: unknown): EventOf<K> {
  try {
    return parseEvent(kind, event)
  } catch (failure) {
    const sent = JSON.stringify(event).slice(0, 200)
    throw new EngineDeath('crashed', `The engine sent an event that is not understood: ${sent}`, String(failure))
  }
}

/** Collects the end of both outputs; nothing of it reaches our own. */
function tailOf(child: ChildProcess): () => string {
  let tail = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-outputKept)
    })
  return () => tail
}

/** `close` comes after the outputs have been read to their end; a script that cannot be started only errs. */
async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
    return { code, signal }
  } catch {
    return { code: null, signal: null } // it could not be started at all
  }
}
