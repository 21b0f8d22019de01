/** The models as a table. A folder that cannot be used says why in its own row. */
import { Badge, Button } from '@mantine/core'
import { Link } from 'react-router'
import type { ModelEntry } from '../../../shared/contract'
import { EditableName } from '../../components/editable-name'
import table from '../../components/list-table.module.css'
import { studio } from '../../lib/client'
import { bytes, count, magnitude } from '../../lib/format'
import { refresh } from '../../lib/queries'
import { ModelMenu } from './model-menu'
import classes from './model-table.module.css'

export function ModelTable({ models }: { models: ModelEntry[] }) {
  return (
    <div className={table.frame}>
      <table className={table.table} aria-label="Models">
        <colgroup>
          <col />
          <col className={classes.architecture} />
          <col className={classes.number} />
          <col className={classes.number} />
          <col className={classes.number} />
          <col className={`${classes.number} ${table.wideOnly}`} />
          <col className={classes.actions} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Architecture</th>
            <th scope="col" className={table.number}>
              Parameters
            </th>
            <th scope="col" className={table.number}>
              Size
            </th>
            <th scope="col" className={table.number}>
              Context
            </th>
            <th scope="col" className={`${table.number} ${table.wideOnly}`}>
              Precision
            </th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <ModelRow key={model.id} model={model} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ModelRow({ model }: { model: ModelEntry }) {
  return (
    <tr>
      <td className={table.main}>
        <EditableName
          name={model.name}
          kind="model"
          rename={(name) => rename(model.id, name)}
          badge={
            model.bundled && (
              <Badge size="sm" variant="light" color="gray" tt="none" fw={500}>
                bundled
              </Badge>
            )
          }
        />
        {model.problem ? (
          <span className={classes.problem}>{model.problem}</span>
        ) : (
          <span className={table.soft} title={model.folder}>
            {model.folder}
          </span>
        )}
      </td>
      <td>{model.architecture ?? '–'}</td>
      <td className={table.number}>{model.parameters === null ? '–' : magnitude(model.parameters)}</td>
      <td className={table.number}>{bytes(model.sizeBytes)}</td>
      <td className={table.number}>{model.contextLength === null ? '–' : count(model.contextLength)}</td>
      <td className={`${table.number} ${table.wideOnly}`}>{model.dtype ?? '–'}</td>
      <td>
        <div className={table.actions}>
          {!model.problem && (
            <Button
              component={Link}
              to={`/train?model=${model.id}`}
              size="compact-sm"
              variant="light"
              aria-label={`Train ${model.name}`}
            >
              Train
            </Button>
          )}
          <ModelMenu model={model} />
        </div>
      </td>
    </tr>
  )
}

async function rename(id: string, name: string) {
  await studio.models.rename({ id, name })
  await refresh('models')
}
