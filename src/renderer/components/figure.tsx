/** A number with its name, in a row of others. */
import type { ReactNode } from 'react'
import classes from './figure.module.css'

/** `columns` fixes their number; without it one row takes as many as fit. */
export function Figures({ columns, children }: { columns?: number; children: ReactNode }) {
  const style = columns ? { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : undefined
  return (
    <dl className={classes.row} style={style}>
      {children}
    </dl>
  )
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
