/** How the columns become prompt and completion; every change is saved at once and shown in the rows below. */
import { Select } from '@mantine/core'
import { useState } from 'react'
import type { DatasetEntry, RowMapping } from '../../../shared/contract'
import { Panel } from '../../components/place'
import { Problem } from '../../components/problem'
import { studio } from '../../lib/client'
import { sentence } from '../../lib/failure'
import { queryClient } from '../../lib/queries'
import { columnsOf, guessColumns, type MappingKind, mappingFrom, mappingKinds } from './mapping'
import classes from './mapping-editor.module.css'

export function MappingEditor({ dataset }: { dataset: DatasetEntry }) {
  const [kind, setKind] = useState<MappingKind>(dataset.mapping.kind)
  const [columns, setColumns] = useState(() => columnsOf(dataset.mapping))
  const [problem, setProblem] = useState<string | null>(null)

  async function choose(nextKind: MappingKind, nextColumns: Record<string, string | null>) {
    setKind(nextKind)
    setColumns(nextColumns)
    setProblem(null)
    const mapping = mappingFrom(nextKind, nextColumns)
    if (mapping) await save(dataset.id, mapping).catch((error: unknown) => setProblem(sentence(error)))
  }

  const kinds = Object.entries(mappingKinds).map(([value, { title }]) => ({ value, label: title }))
  const incomplete = mappingFrom(kind, columns) === null
  return (
    <Panel title="How the rows are read">
      <div className={classes.fields}>
        <Select
          label="Kind of rows"
          data={kinds}
          value={kind}
          allowDeselect={false}
          onChange={(next) =>
            next && void choose(next as MappingKind, guessColumns(next as MappingKind, dataset.columns))
          }
        />
        {mappingKinds[kind].parts.map((part) => (
          <Select
            key={part.key}
            label={part.title}
            placeholder={part.optional ? 'none' : 'Choose a column'}
            data={dataset.columns}
            clearable={part.optional === true}
            allowDeselect={false}
            value={columns[part.key] ?? null}
            onChange={(column) => void choose(kind, { ...columns, [part.key]: column })}
          />
        ))}
      </div>
      {incomplete && (
        <p className={classes.hint}>Choose a column for each part; until then the earlier reading stays.</p>
      )}
      {problem && <Problem>{problem}</Problem>}
    </Panel>
  )
}

async function save(id: string, mapping: RowMapping): Promise<void> {
  await studio.datasets.setMapping({ id, mapping })
  await queryClient.invalidateQueries({ queryKey: ['datasets'] })
}
