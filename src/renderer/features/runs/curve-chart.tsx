/** One chart of a run. All charts of a run hover together; the values under the pointer are exact. */
import { ActionIcon, Tooltip as Hint, Skeleton } from '@mantine/core'
import { IconPhotoDown } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { noteFailure } from '../../lib/activities'
import { saveChartAsPng } from '../../lib/chart-image'
import type { CurveKey } from '../../lib/curve'
import { safeFileName } from '../../lib/download'
import { sentence } from '../../lib/failure'
import { compact, count } from '../../lib/format'
import classes from './curve-chart.module.css'
import { CurveTooltip } from './curve-tooltip'
import { axisDomain, type DrawnPoint } from './drawn-points'

export type CurveLine = { key: keyof DrawnPoint; name: string; look: 'main' | 'raw' | 'dots' }

type Props = {
  runId: string
  runName: string
  title: string
  height: number
  points: DrawnPoint[]
  lines: readonly CurveLine[]
  /** The measured quantity that the chart is about. */
  main: CurveKey
  format(value: number): string
  logarithmic: boolean
  settled: boolean
}

export function CurveChart({
  runId,
  runName,
  title,
  height,
  points,
  lines,
  main,
  format,
  logarithmic,
  settled,
}: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const [readout, setReadout] = useState<HTMLDivElement | null>(null)
  const small = height < 200
  const measured = points.filter((point) => point[main] !== null)
  const last = measured.at(-1)?.[main]
  const said = typeof last === 'number' ? `, last value ${format(last)}` : ', nothing measured yet'

  async function savePng() {
    const svg = frame.current?.querySelector('svg')
    if (!svg) return
    await saveChartAsPng(svg, `${title} · ${runName}`, `${safeFileName(`${runName}-${title}`)}.png`).catch(
      (error: unknown) => noteFailure('The picture was not saved', sentence(error)),
    )
  }

  return (
    <figure className={classes.chart}>
      <figcaption>
        <h3>{title}</h3>
        {small ? <div ref={setReadout} className={classes.readout} /> : <Legend lines={lines} />}
        <Hint label="Save as PNG">
          <ActionIcon size="sm" aria-label={`Save ${title} as PNG`} disabled={!last} onClick={() => void savePng()}>
            <IconPhotoDown size={15} stroke={1.6} />
          </ActionIcon>
        </Hint>
      </figcaption>
      <div
        ref={frame}
        className={classes.frame}
        style={{ height }}
        role="img"
        aria-label={`${title} chart, ${count(measured.length)} points${said}`}
        data-points={measured.length}
      >
        {measured.length === 0 ? (
          <Placeholder settled={settled} height={height} />
        ) : (
          <ResponsiveContainer width="100%" height="100%">
            <ComposedChart
              data={points}
              syncId={runId}
              margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
              accessibilityLayer={false}
            >
              <CartesianGrid vertical={false} stroke="var(--line)" />
              <XAxis
                dataKey="step"
                type="number"
                domain={axisDomain(measured.map((point) => point.step)) ?? ['dataMin', 'dataMax']}
                tickLine={false}
                axisLine={false}
                minTickGap={48}
                tickFormatter={count}
                tick={tick}
              />
              <YAxis
                scale={logarithmic ? 'log' : 'auto'}
                domain={axisDomain(lines.flatMap((line) => points.map((point) => point[line.key]))) ?? ['auto', 'auto']}
                width={58}
                tickLine={false}
                axisLine={false}
                tickCount={small ? 4 : 6}
                tickFormatter={compact}
                tick={tick}
              />
              <Tooltip
                isAnimationActive={false}
                cursor={{ stroke: 'var(--line-strong)' }}
                portal={small ? readout : undefined}
                content={(given) => <CurveTooltip {...given} lines={lines} format={format} inline={small} />}
              />
              {lines.map((line) => (
                <Line key={line.key} dataKey={line.key} name={line.name} {...looks[line.look]} />
              ))}
            </ComposedChart>
          </ResponsiveContainer>
        )}
      </div>
    </figure>
  )
}

const tick = { fontSize: 11, fill: 'var(--ink-faint)' }
const common = { isAnimationActive: false, type: 'linear', connectNulls: true } as const
const looks = {
  main: { ...common, stroke: 'var(--accent)', strokeWidth: 2, dot: false, activeDot: { r: 3.5 } },
  raw: { ...common, stroke: 'var(--accent)', strokeOpacity: 0.28, strokeWidth: 1.25, dot: false, activeDot: false },
  dots: {
    ...common,
    stroke: 'var(--ink)',
    strokeWidth: 1.5,
    strokeDasharray: '4 3',
    dot: { r: 3, fill: 'var(--surface)', stroke: 'var(--ink)', strokeWidth: 1.5, strokeDasharray: 'none' },
    activeDot: { r: 4 },
  },
} as const

function Legend({ lines }: { lines: readonly CurveLine[] }) {
  return (
    <div className={classes.legend}>
      {lines.map((line) => (
        <span key={line.key} data-look={line.look}>
          <i aria-hidden="true" />
          {line.name}
        </span>
      ))}
    </div>
  )
}

function Placeholder({ settled, height }: { settled: boolean; height: number }) {
  if (!settled) return <Skeleton height={height - 12} />
  return <div className={classes.waiting}>The curve begins with the first logged step.</div>
}
