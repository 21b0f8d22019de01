/** A run's loss as a small line. The events are fetched once the row comes into sight. */
import { useInViewport } from '@mantine/hooks'
import { useMemo } from 'react'
import type { RunEntry } from '../../../shared/contract'
import { type CurvePoint, curvePoints, smoothed, thinned } from '../../lib/curve'
import { loss } from '../../lib/format'
import { useRunLog } from '../../lib/run-log'
import classes from './sparkline.module.css'

const width = 104
const height = 30

export function Sparkline({ run }: { run: RunEntry }) {
  const { ref, inViewport } = useInViewport()
  const { events } = useRunLog(run.id, run.status, inViewport)
  const path = useMemo(() => sparklinePath(curvePoints(events)), [events])
  return (
    <div ref={ref} className={classes.frame}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={run.loss === null ? 'No loss yet' : `Loss curve, now ${loss(run.loss)}`}
      >
        <path d={path} className={classes.line} data-going={run.status === 'running'} />
      </svg>
    </div>
  )
}

/** The smoothed loss over the steps, drawn into the little box. Empty below two points. */
export function sparklinePath(points: CurvePoint[]): string {
  const logged = thinned(
    points.filter((point) => point.loss !== null),
    60,
  )
  const values = smoothed(
    logged.map((point) => point.loss),
    0.5,
  ) as number[]
  if (values.length < 2) return ''
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const first = logged[0]!.step
  const spread = logged.at(-1)!.step - first || 1
  return values
    .map((value, i) => {
      const x = 1 + ((logged[i]!.step - first) / spread) * (width - 2)
      const y = 2 + (high === low ? 0.5 : (high - value) / (high - low)) * (height - 4)
      return `${i === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
    })
    .join('')
}
