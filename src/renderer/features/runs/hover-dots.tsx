/** A dot on each line at the hovered step. Inside the drawing, whose scales it needs; alone drawn anew as the pointer moves. */
import { useXAxisScale, useYAxisScale } from 'recharts'
import { useStore } from '../../lib/store'
import type { CurveLine, HoveredStep } from './curve-line'
import { type DrawnPoint, nearestPoint } from './drawn-points'

type Props = { points: DrawnPoint[]; lines: readonly CurveLine[]; hovered: HoveredStep }

export function HoverDots({ points, lines, hovered }: Props) {
  const step = useStore(hovered)
  const [acrossOf, downOf] = [useXAxisScale(), useYAxisScale()]
  const point = step === null ? undefined : nearestPoint(points, step)
  if (!point || !acrossOf || !downOf) return null
  return lines.map(({ key, look }) => {
    const value = point[key]
    return value === null ? null : (
      <circle key={key} cx={acrossOf(point.step)} cy={downOf(value)} r={4.5} {...looks[look]} />
    )
  })
}

const common = { stroke: 'var(--surface)', strokeWidth: 1.5 } as const
const looks = {
  main: { ...common, fill: 'var(--accent)' },
  raw: { ...common, fill: 'color-mix(in srgb, var(--accent) 55%, var(--surface))' },
  dots: { ...common, fill: 'var(--ink)' },
} as const
