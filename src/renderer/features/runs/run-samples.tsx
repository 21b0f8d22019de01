/** What the model writes after each evaluation, newest first. */
import type { TrainEvent } from '../../../shared/contract'
import { count } from '../../lib/format'
import classes from './run-tabs.module.css'

type Sample = Extract<TrainEvent, { type: 'sample' }>
const shown = 60

export function RunSamples({ events }: { events: readonly TrainEvent[] }) {
  const samples = events.filter((event): event is Sample => event.type === 'sample').reverse()
  if (samples.length === 0)
    return (
      <p className={classes.none}>
        After each evaluation the model answers a few prompts here, so that you see it learn.
      </p>
    )
  return (
    <div>
      {samples.slice(0, shown).map((sample) => (
        <div key={sample.seq} className={classes.sample}>
          <span className={classes.step}>Step {count(sample.step)}</span>
          <pre>
            <span className={classes.prompt}>{sample.prompt}</span>
            {sample.text}
          </pre>
        </div>
      ))}
    </div>
  )
}
