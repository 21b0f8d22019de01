/** What to export, as what, and in which precision. */
import { Button, Select, UnstyledButton } from '@mantine/core'
import { IconPackageExport } from '@tabler/icons-react'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { ExportEntry, ModelReference } from '../../../shared/contract'
import { ModelSelect } from '../../components/model-select'
import { Panel } from '../../components/place'
import { desktop } from '../../lib/client'
import { decodeReference, hasCheckpoint, referenceName } from '../../lib/model-reference'
import { useModels, useRuns } from '../../lib/queries'
import { startExport } from './export-job'
import classes from './exports.module.css'
import { dtypeNames, formats, hasAdapter } from './formats'

type Format = ExportEntry['format']
type Dtype = NonNullable<ExportEntry['dtype']>

export function ExportForm() {
  const [search] = useSearchParams()
  const models = useModels().data ?? []
  const runs = useRuns().data ?? []
  const newest = runs.find(hasCheckpoint)
  const [chosen, setChosen] = useState<ModelReference | null>(() => decodeReference(search.get('source')))
  const source: ModelReference | null = chosen ?? (newest ? { kind: 'run', id: newest.id, step: null } : null)
  const adapter = source !== null && hasAdapter(source, runs)
  const [wanted, setFormat] = useState<Format>('peft')
  const format = adapter ? wanted : 'safetensors'
  const [dtype, setDtype] = useState<Dtype | null>(null)
  const [busy, setBusy] = useState(false)

  async function start() {
    if (!source) return
    setBusy(true)
    const name = referenceName(source, models, runs)
    await startExport({ source, format, dtype: format === 'safetensors' ? dtype : null }, name)
    setBusy(false)
  }

  return (
    <Panel title="New export">
      <div className={classes.form}>
        <ModelSelect label="What to export" value={source} onChange={setChosen} />
        <div className={classes.formats} role="radiogroup" aria-label="Format">
          {formats.map(({ id, title, help }) => (
            <UnstyledButton
              key={id}
              role="radio"
              aria-checked={format === id}
              aria-label={title}
              className={classes.format}
              data-chosen={format === id}
              disabled={id === 'peft' && source !== null && !adapter}
              onClick={() => setFormat(id)}
            >
              <strong>{title}</strong>
              <span>{id === 'peft' && source !== null && !adapter ? 'Only for models tuned with LoRA.' : help}</span>
            </UnstyledButton>
          ))}
        </div>
        <Select
          label="Precision"
          data={[{ value: 'own', label: 'As in the base' }, ...dtypeNames]}
          value={format === 'safetensors' ? (dtype ?? 'own') : 'own'}
          disabled={format !== 'safetensors'}
          allowDeselect={false}
          onChange={(next) => setDtype(next === 'own' ? null : (next as Dtype))}
        />
        <Button
          leftSection={<IconPackageExport size={16} />}
          disabled={!source}
          loading={busy}
          onClick={() => void start()}
        >
          Export
        </Button>
      </div>
      <p className={classes.where}>
        {desktop()
          ? 'You choose the folder when you click.'
          : 'It comes to you as one zip archive, and stays in the list below.'}
      </p>
    </Panel>
  )
}
