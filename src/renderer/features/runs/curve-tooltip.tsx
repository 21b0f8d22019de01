/** The exact values at one step. */
import { count } from '../../lib/format'
import type { CurveLine } from './curve-chart'
import classes from './curve-chart.module.css'
import type { DrawnPoint } from './drawn-points'

type Props = {
  active?: boolean
  payload?: readonly { payload?: unknown }[]
  lines: readonly CurveLine[]
  format(value: number): string
  /** In one line, for the head of a small chart. */
  inline: boolean
}

export function CurveTooltip({ active, payload, lines, format, inline }: Props) {
  const point = payload?.[0]?.payload as DrawnPoint | undefined
  if (!active || !point) return null
  if (inline) return <InlineReadout point={point} lines={lines} format={format} />
  return (
    <div className={`${classes.tooltip} numbers`}>
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

function InlineReadout({ point, lines, format }: Pick<Props, 'lines' | 'format'> & { point: DrawnPoint }) {
  const values = lines.map((line) => point[line.key]).filter((value) => value !== null)
  return (
    <span className="numbers">
      step {count(point.step)} · <strong>{values.map(format).join(' · ')}</strong>
    </span>
  )
}
