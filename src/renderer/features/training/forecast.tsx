/** Beside the form: what the run will be (steps, tokens, time), and the button that starts it. */
import { Button, Skeleton } from '@mantine/core'
import { IconFlame } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Estimate } from '../../../shared/contract'
import { Problem } from '../../components/problem'
import { about, compact, count, magnitude } from '../../lib/format'
import classes from './forecast.module.css'

type Props = {
  estimate: Estimate | undefined
  /** Whether an estimate is on its way. */
  pending: boolean
  /** What keeps the run from starting; null when nothing does. */
  obstacle: string | null
  failure: string | null
  busy: boolean
  start(): void
}

export function Forecast({ estimate, pending, obstacle, failure, busy, start }: Props) {
  return (
    <aside className={classes.forecast} aria-label="Estimate">
      <Line name="Steps" value={estimate && count(estimate.steps)} pending={pending} large />
      <dl>
        {lines.map(({ name, of }) => (
          <Line key={name} name={name} value={estimate && of(estimate)} pending={pending} />
        ))}
      </dl>
      <Button
        fullWidth
        size="md"
        leftSection={<IconFlame size={18} />}
        loading={busy}
        disabled={obstacle !== null}
        onClick={start}
      >
        Train
      </Button>
      <div className={classes.obstacle} role="status">
        {obstacle}
      </div>
      {failure && <Problem>{failure}</Problem>}
    </aside>
  )
}

const lines: { name: string; of(estimate: Estimate): string }[] = [
  { name: 'Time', of: ({ seconds }) => (seconds === null ? 'known after a first run' : about(seconds)) },
  { name: 'Steps per epoch', of: ({ stepsPerEpoch }) => count(stepsPerEpoch) },
  { name: 'Rows to learn', of: ({ trainRows }) => count(trainRows) },
  { name: 'Rows to validate', of: ({ validationRows }) => count(validationRows) },
  {
    name: 'Tokens per epoch',
    of: ({ tokensPerEpoch }) => (tokensPerEpoch === null ? 'not counted yet' : count(tokensPerEpoch)),
  },
  { name: 'Trained parameters', of: (estimate) => `${magnitude(estimate.trainableParameters)} · ${share(estimate)}` },
  { name: 'Peak learning rate', of: ({ arguments: { learning_rate } }) => compact(learning_rate) },
]

const share = ({ trainableParameters, totalParameters }: Estimate) =>
  totalParameters > 0 ? `${((100 * trainableParameters) / totalParameters).toPrecision(3)} %` : '–'

type LineProps = { name: string; value: ReactNode | undefined; pending: boolean; large?: boolean }

function Line({ name, value, pending, large = false }: LineProps) {
  const shown = value ?? (pending ? <Skeleton height={large ? 28 : 14} width={64} /> : '–')
  if (large)
    return (
      <div className={classes.large}>
        <span>{name}</span>
        <strong className="numbers">{shown}</strong>
      </div>
    )
  return (
    <div className={classes.line}>
      <dt>{name}</dt>
      <dd className="numbers">{shown}</dd>
    </div>
  )
}
