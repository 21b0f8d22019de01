/** The ways to train, each with the memory and the time it would take here: about, or as a trial has measured it. */
import { Button, UnstyledButton } from '@mantine/core'
import { IconStopwatch, IconX } from '@tabler/icons-react'
import { type Estimate, type TrainingMethod, type TrainingMethodId, trainingMethods } from '../../../shared/contract'
import { Problem } from '../../components/problem'
import { about, bytes, duration } from '../../lib/format'
import classes from './method-cards.module.css'
import type { Outcome, useTrial } from './trial'

type Props = {
  value: TrainingMethodId
  onChange(method: TrainingMethod): void
  estimate: Estimate | undefined
  trial: ReturnType<typeof useTrial>
  /** What the processor is good for, in one sentence; undefined while it is not known. */
  advice: string | undefined
  /** Whether there is something to measure. */
  ready: boolean
}

export function MethodCards({ value, onChange, estimate, trial, advice, ready }: Props) {
  return (
    <div className={classes.methods}>
      <div className={classes.row} role="radiogroup" aria-label="Method">
        {trainingMethods.map((method) => (
          <UnstyledButton
            key={method.id}
            role="radio"
            aria-checked={method.id === value}
            aria-label={method.title}
            aria-description={method.help}
            className={classes.method}
            data-chosen={method.id === value}
            onClick={() => onChange(method)}
          >
            <strong>{method.title}</strong>
            <span className={classes.help}>{method.help}</span>
            <Figures
              expected={estimate?.methods.find(({ id }) => id === method.id)}
              outcome={trial.outcomes[method.id]}
              step={trial.now?.method === method.id ? trial.now : null}
            />
          </UnstyledButton>
        ))}
      </div>
      <div className={classes.foot}>
        <span className={classes.advice}>{advice}</span>
        {trial.running ? (
          <Button size="compact-sm" variant="default" leftSection={<IconX size={14} />} onClick={trial.cancel}>
            Stop measuring
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconStopwatch size={15} stroke={1.7} />}
            disabled={!ready}
            onClick={trial.measure}
          >
            Measure on this machine
          </Button>
        )}
      </div>
      {trial.problem && <Problem tone="caution">{trial.problem}</Problem>}
    </div>
  )
}

type FiguresProps = {
  expected: Estimate['methods'][number] | undefined
  outcome: Outcome | undefined
  step: { step: number; steps: number } | null
}

/** Always two lines and a third that says what they are, so that nothing moves. */
function Figures({ expected, outcome, step }: FiguresProps) {
  const measurement = outcome && 'measurement' in outcome ? outcome.measurement : null
  return (
    <span className={`${classes.figures} numbers`} data-measured={measurement !== null}>
      <span>
        {measurement ? bytes(measurement.peakMemoryBytes) : expected ? `about ${bytes(expected.memoryBytes)}` : '–'}
      </span>
      <span>
        {measurement ? duration(measurement.seconds) : expected?.seconds ? about(expected.seconds) : 'time not known'}
      </span>
      <small title={outcome && 'problem' in outcome ? outcome.problem : undefined}>
        {outcome ? ('problem' in outcome ? outcome.problem : 'measured') : step ? stepInWords(step) : 'estimated'}
      </small>
    </span>
  )
}

const stepInWords = ({ step, steps }: { step: number; steps: number }) =>
  steps === 0 ? 'opening the model …' : `step ${Math.min(step + 1, steps)} of ${steps} …`
