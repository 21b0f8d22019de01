/** All runs, newest first. */
import { Button } from '@mantine/core'
import { IconChartLine, IconFlame } from '@tabler/icons-react'
import { Link } from 'react-router'
import { EmptyState } from '../../components/empty-state'
import { LoadFailure } from '../../components/load-failure'
import { Place } from '../../components/place'
import { TableSkeleton } from '../../components/table-skeleton'
import { useRuns } from '../../lib/queries'
import { RunTable } from './run-table'

export function RunsPlace() {
  const runs = useRuns()
  const newRun = (
    <Button component={Link} to="/train" leftSection={<IconFlame size={16} />}>
      New run
    </Button>
  )
  return (
    <Place
      title="Runs"
      about="Every training, going on or ended. A run goes on when the window is closed."
      actions={newRun}
    >
      {runs.isPending && <TableSkeleton rows={5} />}
      {runs.isError && <LoadFailure error={runs.error} retry={runs.refetch} />}
      {runs.data?.length === 0 && (
        <EmptyState
          icon={IconChartLine}
          title="No runs yet"
          text="Choose a model and a data set, and click Train. Its curves, samples and checkpoints will be here."
          action={newRun}
        />
      )}
      {runs.data && runs.data.length > 0 && <RunTable runs={runs.data} />}
    </Place>
  )
}
