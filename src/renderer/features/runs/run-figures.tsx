/** Progress, time left and the latest figures. */
import { Progress } from '@mantine/core'
import type { RunEntry, TrainEvent } from '../../../shared/contract'
import { Figure, Figures } from '../../components/figure'
import { bytes, compact, count, duration, loss, magnitude, speed } from '../../lib/format'
import classes from './run-place.module.css'

type EventOf<T extends TrainEvent['type']> = Extract<TrainEvent, { type: T }>

/** The latest event of a type. */
function latest<T extends TrainEvent['type']>(events: readonly TrainEvent[], type: T): EventOf<T> | undefined {
  return events.findLast((event): event is EventOf<T> => event.type === type)
}

export function RunFigures({ run, events }: { run: RunEntry; events: readonly TrainEvent[] }) {
  const log = latest(events, 'log')
  const evaluation = latest(events, 'eval')
  const start = latest(events, 'start')
  const done = latest(events, 'done')
  const perSecond = done?.tokensPerSecond ?? log?.tokensPerSecond ?? run.tokensPerSecond
  const memory = log?.peakMemoryBytes ?? run.peakMemoryBytes
  return (
    <>
      <RunProgress
        run={run}
        step={Math.max(run.step, log?.step ?? 0)}
        epoch={log?.epoch}
        seconds={done?.seconds}
        eta={log?.etaSeconds ?? run.etaSeconds}
      />
      <Figures>
        <Figure name="Loss" value={loss(log?.loss ?? run.loss)} />
        <Figure name="Eval loss" value={loss(evaluation?.loss ?? run.evalLoss)} />
        <Figure name="Perplexity" value={evaluation ? compact(evaluation.perplexity) : '–'} />
        <Figure name="Speed" value={perSecond === null ? '–' : speed(perSecond)} detail="tokens/s" />
        <Figure name="Peak memory" value={memory === null ? '–' : bytes(memory)} />
        <Figure
          name="Trained"
          value={start ? magnitude(start.trainableParameters) : '–'}
          detail={start && `of ${magnitude(start.totalParameters)}`}
        />
        <Figure
          name="Rows"
          value={start ? count(start.trainRows) : '–'}
          detail={start && `+ ${count(start.validationRows)} held out`}
        />
      </Figures>
    </>
  )
}

type ProgressProps = { run: RunEntry; step: number; epoch?: number; seconds?: number; eta: number | null }

const notBegun: Partial<Record<RunEntry['status'], string>> = {
  queued: 'Not begun',
  running: 'Getting model and data ready',
}

function RunProgress({ run, step, epoch, seconds, eta }: ProgressProps) {
  const share = run.steps > 0 ? (100 * step) / run.steps : 0
  const going = run.status === 'running' || run.status === 'paused'
  const time = going ? eta !== null && `${duration(eta)} left` : seconds !== undefined && `took ${duration(seconds)}`
  return (
    <div className={classes.progress}>
      <Progress
        value={share}
        size={6}
        radius="xl"
        color={going || run.status === 'queued' ? undefined : 'gray.5'}
        aria-label="Progress of the run"
      />
      <div className={`${classes.progressWords} numbers`}>
        {run.steps === 0 ? (
          <span>{notBegun[run.status] ?? 'No step was made'}</span>
        ) : (
          <span>
            Step <strong>{count(step)}</strong> of {count(run.steps)}
            {epoch !== undefined && ` · epoch ${epoch.toFixed(2)}`}
          </span>
        )}
        <span>
          {time && <strong>{time}</strong>}
          {run.status === 'queued' && 'waits for the run before it'}
        </span>
      </div>
    </div>
  )
}
