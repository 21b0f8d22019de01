/** Says calmly that the studio does not answer, and that the window keeps trying. */
import { Loader } from '@mantine/core'
import { useEffect, useState } from 'react'
import { connection } from '../lib/client'
import { useStore } from '../lib/store'
import classes from './connection-notice.module.css'

const hintAfterMs = 12_000

export function ConnectionNotice() {
  const lost = useStore(connection().status) === 'lost'
  const [long, setLong] = useState(false)
  useEffect(() => {
    setLong(false)
    if (!lost) return
    const timer = setTimeout(() => setLong(true), hintAfterMs)
    return () => clearTimeout(timer)
  }, [lost])
  return (
    <div className={classes.region} role="status">
      {lost && (
        <div className={classes.notice}>
          <Loader size={14} color="gray" />
          <span>
            The studio does not answer. Trying again; nothing is lost.
            {long && ' If it was closed, start it and open the address that it prints.'}
          </span>
        </div>
      )}
    </div>
  )
}
