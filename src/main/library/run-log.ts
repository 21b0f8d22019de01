/**
 * A run's log, `events.jsonl`: one event a line, each with its place (`seq`, from 1) and time. The log is the truth
 * about a run; whatever else is known of it can be derived from here. One process writes it, any number read it.
 */
import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { TrainEvent, type UnstampedTrainEvent } from '../../shared/contract'
import { makeLevels } from '../engine/files/levels'

export type RunLogWriter = { append(event: UnstampedTrainEvent): TrainEvent; close(): void }

/** Events after which the log must survive a power cut. */
const flushed = new Set<TrainEvent['type']>(['checkpoint', 'done', 'error'])

/** Opens the log for appending; a last line that a crash cut short is dropped first. */
export function openRunLog(file: string): RunLogWriter {
  makeLevels(dirname(file))
  const log = openSync(file, 'a+')
  let seq = repair(log)
  return {
    append(event) {
      seq += 1
      const stamped = TrainEvent.parse({ ...event, seq, time: new Date().toISOString() })
      writeSync(log, `${JSON.stringify(stamped)}\n`)
      if (flushed.has(stamped.type)) fsyncSync(log)
      return stamped
    },
    close: () => closeSync(log),
  }
}

/** Cuts off an unfinished last line; answers the last event's place, 0 for an empty log. */
function repair(log: number): number {
  const size = fstatSync(log).size
  const content = Buffer.alloc(size)
  readSync(log, content, 0, size, 0)
  const whole = content.lastIndexOf(0x0a) + 1
  if (whole < size) ftruncateSync(log, whole)
  return parseLines(content.subarray(0, whole)).at(-1)?.seq ?? 0
}

/** The events of whole lines; lines that are not events are skipped. */
function parseLines(bytes: Uint8Array): TrainEvent[] {
  const events: TrainEvent[] = []
  for (const line of Buffer.from(bytes).toString('utf8').split('\n')) {
    if (line === '') continue
    const event = TrainEvent.safeParse(parseJson(line))
    if (event.success) events.push(event.data)
  }
  return events
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

const chunkBytes = 1 << 20

/** Whole lines from byte `offset` on (about a mebibyte at most), and where to read on. A missing log is empty. */
export async function readRunLog(file: string, offset: number): Promise<{ events: TrainEvent[]; offset: number }> {
  const handle = await open(file).catch((failure: NodeJS.ErrnoException) => {
    if (failure.code === 'ENOENT') return null
    throw failure
  })
  if (handle === null) return { events: [], offset }
  try {
    let bytes = Buffer.alloc(0)
    let whole = 0
    for (let size = chunkBytes; ; size *= 2) {
      const chunk = Buffer.alloc(size)
      const { bytesRead } = await handle.read(chunk, 0, size, offset)
      bytes = chunk.subarray(0, bytesRead)
      whole = bytes.lastIndexOf(0x0a) + 1
      if (whole > 0 || bytesRead < size) break // else: a line longer than the chunk
    }
    return { events: parseLines(bytes.subarray(0, whole)), offset: offset + whole }
  } finally {
    await handle.close()
  }
}

/** All events of the log, oldest first. */
export async function* replayRunLog(file: string): AsyncGenerator<TrainEvent> {
  for (let offset = 0; ; ) {
    const chunk = await readRunLog(file, offset)
    yield* chunk.events
    if (chunk.offset === offset) return
    offset = chunk.offset
  }
}
