/** Beside the form: what the run will be (steps, tokens, time), and the button that starts it. */
import { Button, Skeleton } from '@mantine/core'
import { IconFlame } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Estimate, Measurement, TrainingMethodId } from '../../../shared/contract'
import { Problem } from '../../components/problem'
import { about, bytes, compact, count, duration, magnitude } from '../../lib/format'
import classes from './forecast.module.css'
import type { Outcome } from './trial'

type Props = {
  estimate: Estimate | undefined
  method: TrainingMethodId
  /** What a trial of the method came to, where there was one. */
  outcome: Outcome | undefined
  /** Whether an estimate is on its way. */
  pending: boolean
  /** What keeps the run from starting; null when nothing does. */
  obstacle: string | null
  failure: string | null
  busy: boolean
  start(): void
}

export function Forecast({ estimate, method, outcome, pending, obstacle, failure, busy, start }: Props) {
  const measured = outcome && 'measurement' in outcome ? outcome.measurement : null
  return (
    <aside className={classes.forecast} aria-label="Estimate">
      <Line name="Steps" value={estimate && count(estimate.steps)} pending={pending} large />
      <dl>
        <Line name="Time" value={estimate && timeOf(estimate, measured)} pending={pending} />
        <Line name="Memory" value={estimate && memoryOf(estimate, method, measured)} pending={pending} />
        <Line name="Free memory" value={estimate && bytes(estimate.memory.freeBytes)} pending={pending} />
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
      {!measured && estimate?.memory.shortage && <Problem tone="caution">{estimate.memory.shortage}</Problem>}
    </aside>
  )
}

function timeOf({ seconds }: Estimate, measured: Measurement | null): string {
  if (measured) return duration(measured.seconds)
  return seconds === null ? 'not known yet' : about(seconds)
}

function memoryOf({ methods }: Estimate, method: TrainingMethodId, measured: Measurement | null): string {
  if (measured) return bytes(measured.peakMemoryBytes)
  const expected = methods.find(({ id }) => id === method)
  return expected ? `about ${bytes(expected.memoryBytes)}` : '–'
}

const lines: { name: string; of(estimate: Estimate): string }[] = [
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
