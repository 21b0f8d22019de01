/** The data sets as a table: rows, how the columns are read, size. */
import { Button } from '@mantine/core'
import { Link } from 'react-router'
import type { DatasetEntry } from '../../../shared/contract'
import { EditableName } from '../../components/editable-name'
import table from '../../components/list-table.module.css'
import { bytes, count, moment } from '../../lib/format'
import { renameDataset } from './changes'
import { DatasetMenu } from './dataset-menu'
import classes from './dataset-table.module.css'
import { mappingInWords, mappingKinds } from './mapping'

export function DatasetTable({ datasets }: { datasets: DatasetEntry[] }) {
  return (
    <div className={table.frame}>
      <table className={table.table} aria-label="Datasets">
        <colgroup>
          <col />
          <col className={classes.number} />
          <col className={classes.mapping} />
          <col className={classes.number} />
          <col className={`${classes.time} ${table.wideOnly}`} />
          <col className={classes.actions} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Data set</th>
            <th scope="col" className={table.number}>
              Rows
            </th>
            <th scope="col">Read as</th>
            <th scope="col" className={table.number}>
              Size
            </th>
            <th scope="col" className={`${table.number} ${table.wideOnly}`}>
              Added
            </th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {datasets.map((dataset) => (
            <DatasetTableRow key={dataset.id} dataset={dataset} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function DatasetTableRow({ dataset }: { dataset: DatasetEntry }) {
  return (
    <tr>
      <td className={table.main}>
        <EditableName
          name={dataset.name}
          kind="data set"
          to={`/datasets/${dataset.id}`}
          rename={(name) => renameDataset(dataset.id, name)}
        />
        <span className={table.soft}>
          {dataset.sourceName}
          {dataset.problems.length > 0 && <span className={classes.caution}> · {dataset.problems[0]}</span>}
        </span>
      </td>
      <td className={table.number}>{count(dataset.rows)}</td>
      <td>
        {mappingKinds[dataset.mapping.kind].title}
        <span className={table.soft}>{mappingInWords(dataset.mapping)}</span>
      </td>
      <td className={table.number}>{bytes(dataset.sizeBytes)}</td>
      <td className={`${table.number} ${table.wideOnly}`}>{moment(dataset.importedAt)}</td>
      <td>
        <div className={table.actions}>
          <Button
            component={Link}
            to={`/train?dataset=${dataset.id}`}
            size="compact-sm"
            variant="light"
            aria-label={`Train on ${dataset.name}`}
          >
            Train
          </Button>
          <DatasetMenu dataset={dataset} />
        </div>
      </td>
    </tr>
  )
}
