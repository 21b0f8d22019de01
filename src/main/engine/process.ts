/**
 * The engine's own process: takes jobs over the channel that forked it, answers with their events. One job at a time
 * (a native call holds the whole process), in the order they came. Leaves when its parent does.
 */

import { type Control, type ControlSwitch, control } from './jobs/control'
import { evaluate } from './jobs/evaluate'
import { exportModel } from './jobs/export'
import { generate } from './jobs/generate'
import { inspect } from './jobs/inspect'
import { measure } from './jobs/measure'
import { measureProcessor } from './jobs/processor'
import { train } from './jobs/train'
import { EngineError, type EngineJob, type FromEngine, saysOutOfMemory, ToEngine } from './protocol'

const controls = new Map<string, ControlSwitch>()
let queue: Promise<void> = Promise.resolve()

function events(job: EngineJob, control: Control): AsyncIterable<{ type: string }> {
  switch (job.kind) {
    case 'train':
      return train(job.spec, control)
    case 'generate':
      return generate(job.spec, control)
    case 'evaluate':
      return evaluate(job.spec, control)
    case 'export':
      return exportModel(job.spec, control)
    case 'inspect':
      return inspect(job.spec, control)
    case 'measure':
      return measure(job.spec, control)
    case 'processor':
      return measureProcessor(job.spec, control)
  }
}

/** Resolves when the message has left, so that a job never runs ahead of its parent. */
const send = (message: FromEngine) =>
  new Promise<void>((resolve, reject) => {
    if (!process.send) return reject(new Error('The engine must be forked: it has no channel to answer on.'))
    process.send(message, (error: Error | null) => (error ? reject(error) : resolve()))
  })

async function run(id: string, job: EngineJob, control: Control): Promise<void> {
  try {
    for await (const event of events(job, control)) await send({ type: 'event', id, event })
    await send({ type: 'end', id })
  } catch (error) {
    await send({ type: 'failed', id, ...failure(error) })
  } finally {
    controls.delete(id)
  }
}

function failure(error: unknown): { code: string; message: string } {
  if (error instanceof EngineError) return { code: error.code, message: error.message }
  if (error instanceof Error && saysOutOfMemory(error.message))
    return {
      code: 'out_of_memory',
      message: 'There is not enough memory for this model: close other programs, or use LoRA and a smaller batch size.',
    }
  console.error(error)
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}

process.on('message', (raw) => {
  const parsed = ToEngine.safeParse(raw)
  if (!parsed.success)
    return console.error('The engine was sent a message that it does not know:', parsed.error.message)
  const message = parsed.data
  if (message.type === 'control') {
    controls.get(message.id)?.[message.action]()
    return
  }
  const own = control()
  controls.set(message.id, own)
  queue = queue.then(() => run(message.id, message.job, own))
})
process.on('disconnect', () => process.exit(0))
// An interrupt at the terminal, its closing, and a service manager's stop reach the whole group; the parent decides what
// they mean, so that a run can still be saved.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)
void send({ type: 'ready' })
