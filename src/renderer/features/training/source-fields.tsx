/** What is trained on what: model, data set, a data set to validate on, and the run's name. */
import { Select, TextInput } from '@mantine/core'
import type { DatasetEntry, ModelEntry } from '../../../shared/contract'
import { Panel } from '../../components/place'
import { count, magnitude } from '../../lib/format'
import classes from './argument-groups.module.css'
import { change, type Draft } from './draft'

type Props = {
  draft: Draft
  models: ModelEntry[]
  datasets: DatasetEntry[]
  modelId: string | null
  datasetId: string | null
}

export function SourceFields({ draft, models, datasets, modelId, datasetId }: Props) {
  const datasetChoices = datasets.map(({ id, name, rows }) => ({ value: id, label: `${name} · ${count(rows)} rows` }))
  return (
    <Panel title="What to train">
      <div className={classes.pairs}>
        <Select
          label="Model"
          placeholder={models.length ? 'Choose a model' : 'Add a model first'}
          data={models.map(({ id, name, parameters }) => ({
            value: id,
            label: parameters === null ? name : `${name} · ${magnitude(parameters)}`,
          }))}
          value={modelId}
          allowDeselect={false}
          onChange={(next) => change({ modelId: next })}
        />
        <Select
          label="Dataset"
          placeholder={datasets.length ? 'Choose a data set' : 'Drop a file first'}
          data={datasetChoices}
          value={datasetId}
          allowDeselect={false}
          onChange={(next) => change({ datasetId: next })}
        />
        <Select
          label="Validation dataset"
          placeholder="A share of the rows"
          data={datasetChoices.filter(({ value }) => value !== datasetId)}
          value={draft.validationDatasetId}
          clearable
          onChange={(next) => change({ validationDatasetId: next })}
        />
        <TextInput
          label="Name of the run"
          placeholder="From model and data set"
          value={draft.name}
          maxLength={120}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
      </div>
    </Panel>
  )
}
