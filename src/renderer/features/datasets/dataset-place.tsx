/** One data set: how it is read, how many tokens it has, and its rows exactly as the model will see them. */
import { Button, Menu, Skeleton } from '@mantine/core'
import { IconArrowLeft, IconDatabaseOff, IconTrash } from '@tabler/icons-react'
import { Link, useNavigate, useParams } from 'react-router'
import type { DatasetEntry } from '../../../shared/contract'
import { EditableName } from '../../components/editable-name'
import { Gone } from '../../components/gone'
import { LoadFailure } from '../../components/load-failure'
import { Place } from '../../components/place'
import { Problem } from '../../components/problem'
import { RowMenu } from '../../components/row-menu'
import { bytes, moment } from '../../lib/format'
import { useDatasets } from '../../lib/queries'
import { removeDataset, renameDataset } from './changes'
import classes from './dataset-place.module.css'
import { DatasetRows } from './dataset-rows'
import { MappingEditor } from './mapping-editor'
import { TokenFigures } from './token-figures'

export function DatasetPlace() {
  const { id } = useParams()
  const datasets = useDatasets()
  const dataset = datasets.data?.find((each) => each.id === id)
  if (dataset) return <KnownDataset dataset={dataset} />
  return (
    <Place title={datasets.isPending ? <Skeleton height={26} width={220} /> : 'Data set'}>
      {datasets.isPending && <Skeleton height={480} />}
      {datasets.isError && <LoadFailure error={datasets.error} retry={datasets.refetch} />}
      {datasets.data && (
        <Gone icon={IconDatabaseOff} title="This data set is gone" to="/datasets" next="All data sets" />
      )}
    </Place>
  )
}

function KnownDataset({ dataset }: { dataset: DatasetEntry }) {
  const go = useNavigate()
  async function remove() {
    await go('/datasets')
    await removeDataset(dataset)
  }
  return (
    <Place
      title={<EditableName name={dataset.name} kind="data set" rename={(name) => renameDataset(dataset.id, name)} />}
      about={
        <span className="numbers">
          <Link to="/datasets" className={classes.back}>
            <IconArrowLeft size={14} aria-hidden="true" /> Datasets
          </Link>{' '}
          · {dataset.sourceName} · {bytes(dataset.sizeBytes)} · added {moment(dataset.importedAt)}
        </span>
      }
      actions={
        <>
          <Button component={Link} to={`/train?dataset=${dataset.id}`}>
            Train on it
          </Button>
          <RowMenu of={dataset.name}>
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void remove()}>
              Delete
            </Menu.Item>
          </RowMenu>
        </>
      }
    >
      <div className={classes.parts}>
        {dataset.problems.length > 0 && <DatasetProblems problems={dataset.problems} />}
        <TokenFigures dataset={dataset} />
        <MappingEditor key={JSON.stringify(dataset.mapping)} dataset={dataset} />
        <DatasetRows dataset={dataset} />
      </div>
    </Place>
  )
}

const shown = 4

function DatasetProblems({ problems }: { problems: string[] }) {
  const more = problems.length - shown
  return (
    <Problem tone="caution">
      {problems.slice(0, shown).map((problem) => (
        <div key={problem}>{problem}</div>
      ))}
      {more > 0 && <div>… and {more} more.</div>}
    </Problem>
  )
}
