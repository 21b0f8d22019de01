/** The curves of a run with their controls: smoothing, logarithmic axis, and the numbers as CSV. */
import { Button, Slider, Switch } from '@mantine/core'
import { IconTableExport } from '@tabler/icons-react'
import { useDeferredValue, useMemo, useState } from 'react'
import type { RunEntry } from '../../../shared/contract'
import { safeFileName } from '../../../shared/file-names'
import { Panel } from '../../components/place'
import type { CurvePoint } from '../../lib/curve'
import { csv, downloadBlob } from '../../lib/download'
import { compact, loss, speed } from '../../lib/format'
import { asBoolean, asNumberIn, useRemembered } from '../../lib/remembered'
import { createStore } from '../../lib/store'
import { CurveChart } from './curve-chart'
import type { HoveredStep } from './curve-line'
import { drawnPoints } from './drawn-points'
import classes from './run-charts.module.css'

type Props = { run: RunEntry; points: CurvePoint[]; settled: boolean }

export function RunCharts({ run, points, settled }: Props) {
  const [smoothing, setSmoothing] = useRemembered('smoothing', 0.6, asNumberIn(0, 0.99))
  const [logarithmic, setLogarithmic] = useRemembered('log-axis', false, asBoolean)
  // Drawing gives way to clicks: a fast run must not make the page deaf.
  const latest = useDeferredValue(points)
  const drawn = useMemo(() => drawnPoints(latest, smoothing, logarithmic), [latest, smoothing, logarithmic])
  const [hovered] = useState<HoveredStep>(() => createStore<number | null>(null))
  const shared = { hovered, runName: run.name, points: drawn, logarithmic, settled }
  return (
    <Panel
      title="Curves"
      aside={
        <div className={classes.controls}>
          <span>Smoothing</span>
          <Slider
            className={classes.slider}
            size="sm"
            min={0}
            max={0.99}
            step={0.01}
            label={(value) => value.toFixed(2)}
            value={smoothing}
            onChange={setSmoothing}
            thumbLabel="Smoothing"
          />
          <Switch
            size="xs"
            label="Log axis"
            checked={logarithmic}
            onChange={(event) => setLogarithmic(event.currentTarget.checked)}
          />
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconTableExport size={15} />}
            disabled={points.length === 0}
            onClick={() => saveCsv(run, points)}
          >
            CSV
          </Button>
        </div>
      }
    >
      <CurveChart title="Loss" height={290} format={loss} lines={lossLines} main="loss" {...shared} />
      <div className={classes.small}>
        <CurveChart
          title="Learning rate"
          height={150}
          format={compact}
          lines={rateLines}
          main="learningRate"
          {...shared}
        />
        <CurveChart title="Gradient norm" height={150} format={compact} lines={normLines} main="gradNorm" {...shared} />
        <CurveChart
          title="Tokens per second"
          height={150}
          format={speed}
          lines={speedLines}
          main="tokensPerSecond"
          {...shared}
          logarithmic={false}
        />
      </div>
    </Panel>
  )
}

const lossLines = [
  { key: 'loss', name: 'Loss', look: 'raw' },
  { key: 'smoothLoss', name: 'Smoothed', look: 'main' },
  { key: 'evalLoss', name: 'Evaluation', look: 'dots' },
] as const
const rateLines = [{ key: 'learningRate', name: 'Learning rate', look: 'main' }] as const
const normLines = [
  { key: 'gradNorm', name: 'Gradient norm', look: 'raw' },
  { key: 'smoothGradNorm', name: 'Smoothed', look: 'main' },
] as const
const speedLines = [{ key: 'tokensPerSecond', name: 'Tokens per second', look: 'main' }] as const

const columns = ['step', 'loss', 'evalLoss', 'learningRate', 'gradNorm', 'tokensPerSecond'] as const

/** Every point as it was measured, not thinned. */
function saveCsv(run: RunEntry, points: CurvePoint[]) {
  const text = csv(
    columns,
    points.map((point) => columns.map((column) => point[column])),
  )
  downloadBlob(new Blob([text], { type: 'text/csv;charset=utf-8' }), `${safeFileName(run.name)}.csv`)
}
