/** An event of a run as one line of its log. */
import type { TrainEvent } from '../../../shared/contract'
import { compact, count, duration, loss, magnitude, speed } from '../../lib/format'

export type Tone = 'plain' | 'loud' | 'caution' | 'danger'

export function toneOf(event: TrainEvent): Tone {
  if (event.type === 'error') return 'danger'
  if (event.type === 'warning') return 'caution'
  return event.type === 'log' ? 'plain' : 'loud'
}

export function eventLine(event: TrainEvent): string {
  switch (event.type) {
    case 'start':
      return `${event.resumedFrom > 0 ? `resumed after step ${count(event.resumedFrom)}` : 'start'} · ${count(event.steps)} steps · ${magnitude(event.trainableParameters)} of ${magnitude(event.totalParameters)} parameters · ${count(event.trainRows)} rows · ${event.device}`
    case 'log':
      return `step ${count(event.step)} · epoch ${event.epoch.toFixed(2)} · loss ${loss(event.loss)} · lr ${compact(event.learningRate)} · grad norm ${compact(event.gradNorm)} · ${speed(event.tokensPerSecond)} tokens/s`
    case 'eval':
      return `step ${count(event.step)} · evaluation loss ${loss(event.loss)} · perplexity ${compact(event.perplexity)}`
    case 'sample':
      return `step ${count(event.step)} · sample ${JSON.stringify(event.prompt)} → ${JSON.stringify(event.text)}`
    case 'checkpoint':
      return `step ${count(event.step)} · saved ${event.path}`
    case 'paused':
      return `paused at step ${count(event.step)}`
    case 'continued':
      return `going on from step ${count(event.step)}`
    case 'warning':
      return event.message
    case 'done':
      return `${event.stopped ? 'stopped' : 'done'} at step ${count(event.step)} in ${duration(event.seconds)} · mean loss ${loss(event.trainLoss)} · ${speed(event.tokensPerSecond)} tokens/s`
    case 'error':
      return event.message
  }
}
