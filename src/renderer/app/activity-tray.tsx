/** Imports, uploads and exports that are under way, in the corner; each goes away by itself when it is done. */
import { Button, CloseButton, Progress } from '@mantine/core'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { Link } from 'react-router'
import { type Activity, activities, dismissActivity, dismissEnded } from '../lib/activities'
import { useStore } from '../lib/store'
import classes from './activity-tray.module.css'

export function ActivityTray() {
  const list = useStore(activities)
  const ended = list.filter(({ state }) => state !== 'active').length
  return (
    <section className={classes.tray} aria-label="Activity" aria-live="polite">
      {ended > 2 && (
        <Button size="compact-xs" variant="default" className={classes.all} onClick={dismissEnded}>
          Dismiss all {ended}
        </Button>
      )}
      {list.slice(-6).map((activity) => (
        <ActivityCard key={activity.id} activity={activity} />
      ))}
    </section>
  )
}

function ActivityCard({ activity }: { activity: Activity }) {
  return (
    <div className={classes.card} data-state={activity.state}>
      <div className={classes.line}>
        {activity.state === 'done' && <IconCheck size={16} className={classes.done} aria-hidden="true" />}
        {activity.state === 'failed' && <IconAlertTriangle size={16} className={classes.failed} aria-hidden="true" />}
        <span className={classes.title}>{activity.title}</span>
        {activity.action && (
          <Button size="compact-xs" variant="light" onClick={activity.action.run}>
            {activity.action.label}
          </Button>
        )}
        {activity.state !== 'active' && (
          <CloseButton
            size="xs"
            aria-label={`Dismiss ${activity.title}`}
            onClick={() => dismissActivity(activity.id)}
          />
        )}
      </div>
      {(activity.detail || activity.link) && (
        <div className={`${classes.detail} numbers`}>
          {activity.detail}
          {activity.link && (
            <Link to={activity.link.to} onClick={() => dismissActivity(activity.id)}>
              {activity.link.label}
            </Link>
          )}
        </div>
      )}
      {activity.state === 'active' && (
        <Progress
          size={3}
          mt={8}
          value={activity.progress === null ? 100 : activity.progress * 100}
          animated={activity.progress === null}
          aria-label={`${activity.title}: progress`}
        />
      )}
    </div>
  )
}
