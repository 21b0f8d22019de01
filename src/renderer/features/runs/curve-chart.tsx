/** One chart of a run. All charts of a run hover together; the values under the pointer are exact. */
import { ActionIcon, Tooltip as Hint, Skeleton } from '@mantine/core'
import { IconPhotoDown } from '@tabler/icons-react'
import { useRef } from 'react'
import { safeFileName } from '../../../shared/file-names'
import { noteFailure } from '../../lib/activities'
import { saveChartAsPng } from '../../lib/chart-image'
import type { CurveKey } from '../../lib/curve'
import { sentence } from '../../lib/failure'
import { count } from '../../lib/format'
import classes from './curve-chart.module.css'
import { CurveDrawing } from './curve-drawing'
import type { CurveLine, HoveredStep } from './curve-line'
import { InlineReadout } from './curve-readout'
import type { DrawnPoint } from './drawn-points'
import { HoverLayer } from './hover-layer'

type Props = {
  runName: string
  title: string
  height: number
  points: DrawnPoint[]
  lines: readonly CurveLine[]
  /** The measured quantity that the chart is about. */
  main: CurveKey
  format(value: number): string
  logarithmic: boolean
  hovered: HoveredStep
  settled: boolean
}

export function CurveChart({
  runName,
  title,
  height,
  points,
  lines,
  main,
  format,
  logarithmic,
  hovered,
  settled,
}: Props) {
  const frame = useRef<HTMLDivElement>(null)
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
        {small ? (
          <InlineReadout points={points} lines={lines} format={format} hovered={hovered} />
        ) : (
          <Legend lines={lines} />
        )}
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
          <>
            <CurveDrawing
              points={points}
              lines={lines}
              logarithmic={logarithmic}
              ticks={small ? 4 : 6}
              hovered={hovered}
            />
            <HoverLayer points={points} lines={lines} hovered={hovered} format={format} withValues={!small} />
          </>
        )}
      </div>
    </figure>
  )
}

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
