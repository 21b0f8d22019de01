/** The run that goes on, wherever the person is: a name, a bar, and the way to it. */
import { Progress } from '@mantine/core'
import { Link } from 'react-router'
import { duration } from '../lib/format'
import { useRuns } from '../lib/queries'
import classes from './sidebar.module.css'

export function RunningNow() {
  const run = useRuns().data?.find((each) => each.status === 'running' || each.status === 'paused')
  if (!run) return null
  const share = run.steps > 0 ? (100 * run.step) / run.steps : 0
  const remaining =
    run.status === 'paused' ? 'paused' : run.etaSeconds === null ? '' : `${duration(run.etaSeconds)} left`
  return (
    <Link
      to={`/runs/${run.id}`}
      className={classes.running}
      aria-label={`Go to ${run.name}, ${Math.floor(share)} percent done`}
    >
      <span className={classes.runningName}>{run.name}</span>
      <Progress value={share} size={3} mt={7} aria-hidden="true" />
      <span className={`${classes.runningDetail} numbers`}>
        <span>{Math.floor(share)} %</span>
        <span>{remaining}</span>
      </span>
    </Link>
  )
}
