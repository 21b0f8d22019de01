/** The data sets: what was dropped on the window, ready to train on. */
import { IconFileImport } from '@tabler/icons-react'
import { ChooseFilesButton } from '../../components/choose-files'
import { EmptyState } from '../../components/empty-state'
import { LoadFailure } from '../../components/load-failure'
import { Place } from '../../components/place'
import { TableSkeleton } from '../../components/table-skeleton'
import { useDatasets } from '../../lib/queries'
import { DatasetTable } from './dataset-table'

export function DatasetsPlace() {
  const datasets = useDatasets()
  return (
    <Place
      title="Datasets"
      about="What models learn from. Drop JSONL, JSON, CSV or TXT files anywhere on the window."
      actions={<ChooseFilesButton />}
    >
      {datasets.isPending && <TableSkeleton />}
      {datasets.isError && <LoadFailure error={datasets.error} retry={datasets.refetch} />}
      {datasets.data?.length === 0 && (
        <EmptyState
          icon={IconFileImport}
          title="Drop a file to begin"
          text="Rows with a prompt and a completion, questions with answers, instructions, conversations, or plain text. Columns are found for you, and you can change them."
          action={<ChooseFilesButton />}
        />
      )}
      {datasets.data && datasets.data.length > 0 && <DatasetTable datasets={datasets.data} />}
    </Place>
  )
}
