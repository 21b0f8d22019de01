/** Chooses anything that can be talked to or exported: base models, runs (their best checkpoint), and single checkpoints. */
import { Select } from '@mantine/core'
import type { ModelEntry, ModelReference, RunEntry } from '../../shared/contract'
import { decodeReference, encodeReference, hasCheckpoint, isRunnable, referenceName } from '../lib/model-reference'
import { useModels, useRuns } from '../lib/queries'

type Props = {
  label: string
  /** Hides the label from sight, not from screen readers. */
  quiet?: boolean
  value: ModelReference | null
  onChange(reference: ModelReference): void
  placeholder?: string
  disabled?: boolean
}

export function ModelSelect({
  label,
  quiet = false,
  value,
  onChange,
  placeholder = 'Choose a model',
  disabled,
}: Props) {
  const models = useModels().data ?? []
  const runs = useRuns().data ?? []
  const chosen = value && encodeReference(value)
  return (
    <Select
      label={quiet ? undefined : label}
      aria-label={quiet ? label : undefined}
      placeholder={placeholder}
      searchable
      disabled={disabled}
      allowDeselect={false}
      maxDropdownHeight={360}
      nothingFoundMessage="No model of that name"
      data={choices(models, runs, value)}
      value={chosen}
      onChange={(text) => {
        const reference = decodeReference(text)
        if (reference) onChange(reference)
      }}
    />
  )
}

/** Groups: base models, tuned models, checkpoints. What was chosen earlier stays listed, even when it is gone. */
function choices(models: ModelEntry[], runs: RunEntry[], value: ModelReference | null) {
  const tuned = runs.filter(hasCheckpoint)
  const groups = [
    { group: 'Base models', items: models.filter(isRunnable).map((model) => item({ kind: 'model', id: model.id })) },
    { group: 'Tuned models', items: tuned.map((run) => item({ kind: 'run', id: run.id, step: null })) },
    {
      group: 'Checkpoints',
      items: tuned.flatMap((run) => run.checkpoints.map(({ step }) => item({ kind: 'run', id: run.id, step }))),
    },
  ]
  const known = groups.some((group) => group.items.some((each) => value && each.value === encodeReference(value)))
  if (value && !known) groups.push({ group: 'Not available', items: [item(value)] })
  return groups.filter((group) => group.items.length > 0)

  function item(reference: ModelReference) {
    return { value: encodeReference(reference), label: referenceName(reference, models, runs) }
  }
}
