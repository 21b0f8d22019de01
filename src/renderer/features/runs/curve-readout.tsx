/** The exact values at one step: as a card beside the line, or in one line in the head of a small chart. */
import { count } from '../../lib/format'
import { useStore } from '../../lib/store'
import classes from './curve-chart.module.css'
import type { CurveLine, HoveredStep } from './curve-line'
import { type DrawnPoint, nearestPoint } from './drawn-points'

type Common = { lines: readonly CurveLine[]; format(value: number): string }

export function CurveReadout({ point, lines, format, leftwards }: Common & { point: DrawnPoint; leftwards: boolean }) {
  return (
    <div className={`${classes.tooltip} numbers`} data-leftwards={leftwards}>
      <div className={classes.tooltipStep}>Step {count(point.step)}</div>
      {lines.map((line) => {
        const value = point[line.key]
        if (value === null) return null
        return (
          <div key={line.key} className={classes.tooltipLine} data-look={line.look}>
            <i aria-hidden="true" />
            <span>{line.name}</span>
            <strong>{format(value)}</strong>
          </div>
        )
      })}
    </div>
  )
}

/** Empty while nothing is under the pointer; its place stays. */
export function InlineReadout({
  points,
  lines,
  format,
  hovered,
}: Common & { points: DrawnPoint[]; hovered: HoveredStep }) {
  const step = useStore(hovered)
  const point = step === null ? undefined : nearestPoint(points, step)
  const values = point ? lines.map((line) => point[line.key]).filter((value) => value !== null) : []
  return (
    <div className={`${classes.readout} numbers`}>
      {point && (
        <>
          step {count(point.step)} · <strong>{values.length > 0 ? values.map(format).join(' · ') : '–'}</strong>
        </>
      )}
    </div>
  )
}
