/** A sentence about something that went wrong or looks wrong, with what can be done. */
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './problem.module.css'

type Props = { tone?: 'danger' | 'caution'; children: ReactNode; action?: ReactNode }

export function Problem({ tone = 'danger', children, action }: Props) {
  return (
    <div className={classes.problem} data-tone={tone} role={tone === 'danger' ? 'alert' : 'note'}>
      <IconAlertTriangle size={17} stroke={1.7} aria-hidden="true" />
      <div className={classes.text}>{children}</div>
      {action}
    </div>
  )
}
