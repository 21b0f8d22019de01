/** The window's frame: the places at the left, one place at a time beside them; files may be dropped anywhere. */
import { type ReactNode, useEffect } from 'react'
import { useLocation } from 'react-router'
import { followChanges } from '../lib/queries'
import { ActivityTray } from './activity-tray'
import { ConnectionNotice } from './connection-notice'
import { DropTarget } from './drop-target'
import classes from './shell.module.css'
import { Sidebar } from './sidebar'

export function Shell({ children }: { children: ReactNode }) {
  useEffect(() => {
    const ending = new AbortController()
    void followChanges(ending.signal)
    return () => ending.abort()
  }, [])
  return (
    <DropTarget>
      <div className={classes.shell}>
        <Sidebar />
        <PlaceFrame>{children}</PlaceFrame>
      </div>
      <ConnectionNotice />
      <ActivityTray />
    </DropTarget>
  )
}

const titles: Record<string, string> = {
  models: 'Models',
  datasets: 'Datasets',
  train: 'Train',
  runs: 'Runs',
  chat: 'Chat',
  exports: 'Exports',
}

/** The scrolling part. Its key is the place, so that a new place starts at its top. */
function PlaceFrame({ children }: { children: ReactNode }) {
  const place = useLocation().pathname.split('/')[1] ?? ''
  useEffect(() => {
    document.title = titles[place] ? `${titles[place]} · Camelot Studio` : 'Camelot Studio'
  }, [place])
  return (
    <main className={classes.place} key={place}>
      {children}
    </main>
  )
}
