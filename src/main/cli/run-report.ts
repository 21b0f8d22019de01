/** A run's events as a person reads them: a heading, a table of the loss, and what happened between. */
import { methodOf, type TrainEvent, trainingMethods } from '../../shared/contract'
import { count, duration, fixed, magnitude, plural, scientific } from './figures'
import type { Paint } from './paint'
import type { Progress } from './progress-line'

type EventOf<T extends TrainEvent['type']> = Extract<TrainEvent, { type: T }>

const columns = [
  ['step', 7],
  ['epoch', 7],
  ['loss', 9],
  ['grad norm', 11],
  ['learning rate', 15],
  ['tokens/s', 10],
  ['left', 9],
] as const

/** Remembers what later lines need: the number of steps, and whether the table's head was printed. */
export class RunReport {
  private steps = 0
  private headed = false

  /** The lines of one event; none for what is said otherwise (warnings, errors). */
  lines(event: TrainEvent, paint: Paint): string[] {
    switch (event.type) {
      case 'start':
        this.steps = event.steps
        return started(event, paint)
      case 'log':
        return [...this.head(paint), row(logCells(event))]
      case 'eval':
        return [
          paint.accent(
            `${String(event.step).padStart(7)}  evaluation loss ${fixed(event.loss)}, perplexity ${fixed(event.perplexity, 2)}`,
          ),
        ]
      case 'sample':
        return [paint.dim(`         ${JSON.stringify(event.prompt)} → ${JSON.stringify(event.text)}`)]
      case 'checkpoint':
        return [paint.dim(`${String(event.step).padStart(7)}  saved ${event.path}`)]
      case 'paused':
        return [`Paused after step ${count(event.step)}.`]
      case 'continued':
        return [`Going on after step ${count(event.step)}.`]
      case 'done':
        return ended(event, paint)
      case 'warning':
      case 'error':
        return []
    }
  }

  /** What the bar shows after an event, or null where it changes nothing. */
  progress(event: TrainEvent): Progress | null {
    if (event.type === 'start') {
      this.steps = event.steps
      return { done: event.resumedFrom, total: event.steps, label: 'training', figures: [] }
    }
    if (event.type !== 'log') return null
    const figures = [
      `${count(event.step)}/${count(this.steps)}`,
      `loss ${fixed(event.loss)}`,
      `${count(event.tokensPerSecond)} tokens/s`,
      `${duration(event.etaSeconds)} left`,
    ]
    return { done: event.step, total: this.steps, label: 'training', figures }
  }

  private head(paint: Paint): string[] {
    if (this.headed) return []
    this.headed = true
    return [paint.dim(row(columns.map(([title]) => title)))]
  }
}

const row = (cells: readonly string[]) => cells.map((cell, at) => cell.padStart(columns[at]![1])).join('')

function logCells(event: EventOf<'log'>): string[] {
  return [
    count(event.step),
    fixed(event.epoch, 2),
    fixed(event.loss),
    fixed(event.gradNorm, 3),
    scientific(event.learningRate),
    count(event.tokensPerSecond),
    duration(event.etaSeconds),
  ]
}

function started(event: EventOf<'start'>, paint: Paint): string[] {
  const share = ((100 * event.trainableParameters) / event.totalParameters).toPrecision(2)
  const id = methodOf(event.arguments)
  const { title } = trainingMethods.find((method) => method.id === id)!
  const method = id === 'full' ? 'Every weight' : `${title}, r ${event.arguments.lora_r}`
  const rows = `${plural(event.trainRows, 'row')}, ${count(event.validationRows)} held out`
  return [
    `${paint.bold(`Run ${event.run}`)} on ${event.device}`,
    `${method}: ${magnitude(event.trainableParameters)} of ${magnitude(event.totalParameters)} parameters train (${share} %)`,
    `${rows}, ${plural(event.steps, 'step')}${event.resumedFrom > 0 ? `, going on after step ${count(event.resumedFrom)}` : ''}`,
    `Checkpoints go to ${event.outputDir}`,
    '',
  ]
}

function ended(event: EventOf<'done'>, paint: Paint): string[] {
  const best = `${event.best.path}${event.best.evalLoss === null ? '' : ` (evaluation loss ${fixed(event.best.evalLoss)})`}`
  const heading = event.stopped
    ? paint.warning(`Stopped after step ${count(event.step)}`)
    : paint.good(`Done after ${plural(event.step, 'step')}`)
  return [
    '',
    `${heading} in ${duration(event.seconds)}: mean loss ${fixed(event.trainLoss)}, ${count(event.tokensPerSecond)} tokens/s`,
    `Best checkpoint: ${best}`,
  ]
}
