/** The curve itself, drawn anew only when its points change. Of what is under the pointer it has but the dots. */
import { memo } from 'react'
import { CartesianGrid, ComposedChart, Line, ResponsiveContainer, XAxis, YAxis } from 'recharts'
import { compact, count } from '../../lib/format'
import { type CurveLine, type HoveredStep, plot } from './curve-line'
import { axisDomain, type DrawnPoint, stepRange } from './drawn-points'
import { HoverDots } from './hover-dots'

type Props = {
  points: DrawnPoint[]
  lines: readonly CurveLine[]
  logarithmic: boolean
  ticks: number
  hovered: HoveredStep
}

export const CurveDrawing = memo(function CurveDrawing({ points, lines, logarithmic, ticks, hovered }: Props) {
  const values = lines.flatMap((line) => points.map((point) => point[line.key]))
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={points}
        margin={{ top: plot.top, right: plot.right, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" syncWithTicks />
        <XAxis
          dataKey="step"
          type="number"
          domain={stepRange(points)}
          height={plot.bottom}
          tickLine={false}
          axisLine={false}
          minTickGap={48}
          tickFormatter={count}
          tick={tick}
        />
        <YAxis
          scale={logarithmic ? 'log' : 'auto'}
          domain={axisDomain(values) ?? ['auto', 'auto']}
          width={plot.left}
          tickLine={false}
          axisLine={false}
          tickCount={ticks}
          tickFormatter={compact}
          tick={tick}
        />
        {lines.map((line) => (
          <Line key={line.key} dataKey={line.key} name={line.name} {...looks[line.look]} />
        ))}
        <HoverDots points={points} lines={lines} hovered={hovered} />
      </ComposedChart>
    </ResponsiveContainer>
  )
})

const tick = { fontSize: 11, fill: 'var(--ink-faint)' }
const common = { isAnimationActive: false, type: 'linear', connectNulls: true, activeDot: false } as const
const looks = {
  main: { ...common, stroke: 'var(--accent)', strokeWidth: 2, dot: false },
  raw: { ...common, stroke: 'var(--accent)', strokeOpacity: 0.28, strokeWidth: 1.25, dot: false },
  dots: {
    ...common,
    stroke: 'var(--ink)',
    strokeWidth: 1.5,
    strokeDasharray: '4 3',
    dot: { r: 3, fill: 'var(--surface)', stroke: 'var(--ink)', strokeWidth: 1.5, strokeDasharray: 'none' },
  },
} as const
