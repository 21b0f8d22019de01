/** A run's state as a dot and a word. Only what is going on wears the accent. */
import type { RunStatus } from '../../shared/contract'
import classes from './status-badge.module.css'

const words: Record<RunStatus, string> = {
  queued: 'Waiting',
  running: 'Running',
  paused: 'Paused',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
  interrupted: 'Interrupted',
}

export function StatusBadge({ status }: { status: RunStatus }) {
  return (
    <span className={classes.badge} data-status={status}>
      <i aria-hidden="true" />
      {words[status]}
    </span>
  )
}
