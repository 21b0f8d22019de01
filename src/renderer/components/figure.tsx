/** A number with its name, in a row of others. */
import type { ReactNode } from 'react'
import classes from './figure.module.css'

export function Figures({ children }: { children: ReactNode }) {
  return <dl className={classes.row}>{children}</dl>
}

export function Figure({ name, value, detail }: { name: string; value: ReactNode; detail?: ReactNode }) {
  return (
    <div className={classes.figure}>
      <dt>{name}</dt>
      <dd className="numbers">
        {value}
        {detail && <small>{detail}</small>}
      </dd>
    </div>
  )
}
