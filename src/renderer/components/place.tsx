/** The frame of a place: its title, a line about it, what can be done, and the content below. */
import type { ReactNode } from 'react'
import classes from './place.module.css'

type Props = { title: ReactNode; about?: ReactNode; actions?: ReactNode; children: ReactNode }

export function Place({ title, about, actions, children }: Props) {
  return (
    <div className={classes.scroller}>
      <div className={classes.place}>
        <header className={classes.header}>
          <div className={classes.words}>
            <h1>{title}</h1>
            {about && <div className={classes.about}>{about}</div>}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  )
}

/** A bordered part of a place, with a heading of its own. */
export function Panel({ title, aside, children }: { title?: ReactNode; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.panel}>
      {(title || aside) && (
        <div className={classes.panelHead}>
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  )
}
