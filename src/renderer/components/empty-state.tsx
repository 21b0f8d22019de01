/** What a place shows while it has nothing: what it is for, and what to do next. */
import type { Icon } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './empty-state.module.css'

type Props = { icon: Icon; title: string; text: ReactNode; action?: ReactNode }

export function EmptyState({ icon: Sign, title, text, action }: Props) {
  return (
    <div className={classes.empty}>
      <Sign size={36} stroke={1.2} className={classes.sign} aria-hidden="true" />
      <h2>{title}</h2>
      <p>{text}</p>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}
