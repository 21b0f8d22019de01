// Draws the loss curve of a training run as an SVG that reads on light and dark pages alike.
import type { TrainEvent } from '../../src/shared/contract'

interface Point {
  readonly step: number
  readonly loss: number
}

const size = { width: 720, height: 320, left: 48, right: 16, top: 24, bottom: 40 }

/** Round numbers from 0 to `most`, about `count` of them. */
function ticks(most: number, count: number): number[] {
  const rough = most / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step)
}

/** Exponential moving average that begins at the first point. */
function smoothed(points: readonly Point[], weight = 0.6): Point[] {
  let mean = points[0]?.loss ?? 0
  return points.map(({ step, loss }) => {
    mean = weight * mean + (1 - weight) * loss
    return { step, loss: mean }
  })
}

/** The points of an event log: training loss at each log, evaluation loss at each evaluation. Repeated steps count once, the last wins. */
export function curveOf(events: readonly TrainEvent[]): { training: Point[]; evaluation: Point[] } {
  const collect = (type: 'log' | 'eval') => {
    const byStep = new Map<number, Point>()
    for (const event of events) if (event.type === type) byStep.set(event.step, { step: event.step, loss: event.loss })
    return [...byStep.values()].sort((one, other) => one.step - other.step)
  }
  return { training: collect('log'), evaluation: collect('eval') }
}

/** @throws Error when there is no training loss to draw. */
export function lossCurve(training: readonly Point[], evaluation: readonly Point[]): string {
  const lastStep = training.at(-1)?.step
  if (lastStep === undefined) throw new Error('loss curve: the event log has no training loss; train first')
  const most = Math.max(...[...training, ...evaluation].map(({ loss }) => loss))
  const x = (step: number) => (size.left + (step / lastStep) * (size.width - size.left - size.right)).toFixed(1)
  const y = (loss: number) =>
    (size.height - size.bottom - (loss / most) * (size.height - size.top - size.bottom)).toFixed(1)
  const path = (points: readonly Point[]) =>
    points.map(({ step, loss }, index) => `${index === 0 ? 'M' : 'L'}${x(step)} ${y(loss)}`).join('')
  const right = size.width - size.right
  const horizontal = ticks(most, 5).map(
    (loss) =>
      `<path class="grid" d="M${size.left} ${y(loss)}H${right}"/><text x="${size.left - 8}" y="${y(loss)}" dy="4" text-anchor="end">${loss}</text>`,
  )
  const vertical = ticks(lastStep, 6).map(
    (step) => `<text x="${x(step)}" y="${size.height - size.bottom + 18}" text-anchor="middle">${step}</text>`,
  )
  const dots = evaluation.map(({ step, loss }) => `<circle cx="${x(step)}" cy="${y(loss)}" r="3"/>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="Training and evaluation loss by step">
<style>text{font:12px system-ui,sans-serif;fill:#808893}.grid{stroke:#80889340;fill:none}.raw{stroke:#4c7ef355;fill:none}.mean{stroke:#4c7ef3;stroke-width:2;fill:none}circle{fill:#e8833a}</style>
${horizontal.join('\n')}
${vertical.join('\n')}
<path class="raw" d="${path(training)}"/>
<path class="mean" d="${path(smoothed(training))}"/>
${dots.join('\n')}
<text x="${right}" y="${size.top}" text-anchor="end">loss by step: training (blue, smoothed over its raw line), evaluation (orange)</text>
</svg>
`
}
