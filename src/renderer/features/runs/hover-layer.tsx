/** Follows the pointer over a chart: a line at the nearest step, in all charts of the run, and the exact values there. */
import type { PointerEvent } from 'react'
import { useStore } from '../../lib/store'
import classes from './curve-chart.module.css'
import { type CurveLine, type HoveredStep, plot } from './curve-line'
import { CurveReadout } from './curve-readout'
import { type DrawnPoint, nearestPoint, stepRange } from './drawn-points'

type Props = {
  points: DrawnPoint[]
  lines: readonly CurveLine[]
  hovered: HoveredStep
  format(value: number): string
  /** Whether the values stand beside the line; otherwise somebody else shows them. */
  withValues: boolean
}

export function HoverLayer({ points, lines, hovered, format, withValues }: Props) {
  const step = useStore(hovered)
  const [first, last] = stepRange(points)
  const point = step === null ? undefined : nearestPoint(points, step)

  function follow(event: PointerEvent<HTMLDivElement>) {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - left - plot.left) / (width - plot.left - plot.right)
    const nearest = nearestPoint(points, first + share * (last - first))
    if (nearest && nearest.step !== hovered.get()) hovered.set(nearest.step)
  }

  const share = point ? (point.step - first) / (last - first) : 0
  return (
    <div className={classes.hover} onPointerMove={follow} onPointerLeave={() => hovered.set(null)}>
      {point && (
        <div
          className={classes.cursor}
          style={{ left: `calc(${plot.left}px + ${share} * (100% - ${plot.left + plot.right}px))` }}
        >
          {withValues && <CurveReadout point={point} lines={lines} format={format} leftwards={share > 0.6} />}
        </div>
      )}
    </div>
  )
}
