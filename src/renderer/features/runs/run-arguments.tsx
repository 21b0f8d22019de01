/** Every argument in force, under the name that the Trainer gives it. */
import { argumentNames, type RunEntry } from '../../../shared/contract'
import classes from './run-tabs.module.css'

export function RunArguments({ run }: { run: RunEntry }) {
  return (
    <dl className={classes.arguments}>
      {argumentNames.map((name) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{inWords(run.arguments[name])}</dd>
        </div>
      ))}
    </dl>
  )
}

function inWords(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (Array.isArray(value)) return value.join(', ') || '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'object') return Object.keys(value).length > 0 ? JSON.stringify(value) : '–'
  return String(value)
}
