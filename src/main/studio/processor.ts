/** What the processor is good for: measured once in a process of the engine's, and kept with the catalogue. */
import { cpus } from 'node:os'
import { ProcessorRates, type ProcessorReport } from '../../shared/contract'
import { runJob } from '../jobs/run-job'
import { jobFailed } from '../library/failure'
import type { StudioContext } from './context'
import { processorFeatures } from './processor-features'

type Context = Pick<StudioContext, 'library' | 'engine'>

const perProductMs = 800

export async function reportProcessor(
  context: Context,
  again: boolean,
  signal?: AbortSignal,
): Promise<ProcessorReport> {
  const rates = (again ? null : knownRates(context.library)) ?? (await measureRates(context, signal))
  const all = cpus()
  return {
    name: all[0]?.model.trim() || 'unknown model',
    cores: all.length,
    features: await processorFeatures(),
    rates,
    advice: adviceFor(rates),
  }
}

/** Named after the processor, since a home may move to another machine. */
const settingName = () => `processor-rates ${cpus()[0]?.model.trim()} × ${cpus().length}`

/** What was measured on this processor before; null where nothing was. */
export function knownRates({ settings }: Context['library']): ProcessorRates | null {
  const text = settings.get(settingName())
  return text === null ? null : (ProcessorRates.safeParse(JSON.parse(text)).data ?? null)
}

async function measureRates({ library, engine }: Context, signal?: AbortSignal): Promise<ProcessorRates> {
  for await (const { rates } of runJob(
    engine,
    { kind: 'processor', spec: { milliseconds: perProductMs } },
    { signal },
  )) {
    library.settings.set(settingName(), JSON.stringify(rates))
    return rates
  }
  throw jobFailed('crashed', 'The engine ended without measuring the processor: try again.')
}

/** Below this the other work of a step eats up what int8 products gain. */
const worthwhile = 1.25

/** For instance "int8 runs 1.6 times as fast as fp32 here: LoRA over int8 is the fast lane." */
export function adviceFor({ float32, int8 }: ProcessorRates): string {
  const times = (int8 / float32).toFixed(1)
  return int8 / float32 >= worthwhile
    ? `int8 runs ${times} times as fast as fp32 here: LoRA over int8 is the fast lane.`
    : `int8 runs ${times} times as fast as fp32 here: plain LoRA is the fast lane, and QLoRA the small one.`
}
