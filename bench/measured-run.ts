/**
 * Runs one contender as a process of its own and watches it from outside: when each step's line arrives, what loss it
 * tells, and how much memory its whole process tree holds.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { MemoryAccount } from './memory-account'
import { TreeMemory } from './process-memory'

const SAMPLING_MS = 100

/** The lines that count: a step's loss. Everything else a contender says is kept in `start` or passed over. */
const Line = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('start') }),
  z.looseObject({ type: z.literal('log'), step: z.number(), loss: z.number() }),
])

export const MeasuredRun = z.object({
  /** Seconds are counted from when the process was started. */
  steps: z.array(z.object({ step: z.number(), loss: z.number(), seconds: z.number() })),
  /** What the contender said when all was ready for the first step, and when. */
  start: z.record(z.string(), z.unknown()).nullable(),
  startSeconds: z.number().nullable(),
  seconds: z.number(),
  /** Largest sum of the tree's proportional set sizes and what it is made of, or null where it cannot be read. */
  peakMemory: MemoryAccount.nullable(),
})
export type MeasuredRun = z.infer<typeof MeasuredRun>

const stops = ['SIGINT', 'SIGTERM'] as const

/** The person wants no more, of this run or any other. */
export class Interrupted extends Error {}

/** Runs `command` to its end. Rejects, with the end of what it said, when it fails. */
export function measure(
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<MeasuredRun> {
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  const steps: MeasuredRun['steps'] = []
  let start: MeasuredRun['start'] = null
  let startSeconds: number | null = null
  let complaints = ''
  createInterface(child.stdout).on('line', (text) => {
    const line = parse(text)
    if (line?.type === 'start') {
      start = line
      startSeconds = elapsed()
    }
    if (line?.type === 'log') steps.push({ step: line.step, loss: line.loss, seconds: elapsed() })
  })
  child.stderr.on('data', (data) => {
    complaints = (complaints + data).slice(-4000)
  })
  const peak = watchMemory(child.pid)
  let interrupted = false
  const interrupt = () => {
    interrupted = true
    child.kill('SIGINT')
  }
  for (const signal of stops) process.once(signal, interrupt)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const signal of stops) process.off(signal, interrupt)
      const peakMemory = peak()
      if (code === 0) resolve({ steps, start, startSeconds, seconds: elapsed(), peakMemory })
      else if (interrupted)
        reject(new Interrupted('Interrupted: started again, it goes on with the run that was cut short.'))
      else reject(new Error(`${command} ${args.join(' ')}\nended with ${signal ?? code}:\n${complaints}`))
    })
  })
}

function parse(text: string) {
  try {
    return Line.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** Samples until the returned function is called, which gives the peak. */
function watchMemory(pid: number | undefined): () => MemoryAccount | null {
  if (pid === undefined) return () => null
  const memory = new TreeMemory(pid)
  const timer = setInterval(() => memory.sample(), SAMPLING_MS)
  return () => {
    clearInterval(timer)
    return memory.peak
  }
}
