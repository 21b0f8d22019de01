/** One run: where it stands, its curves as they grow, samples, checkpoints and the log. */
import { Skeleton } from '@mantine/core'
import { IconChartLine } from '@tabler/icons-react'
import { useMemo } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import type { RunEntry } from '../../../shared/contract'
import { EditableName } from '../../components/editable-name'
import { Gone } from '../../components/gone'
import { LoadFailure } from '../../components/load-failure'
import { Place } from '../../components/place'
import { Problem } from '../../components/problem'
import { StatusBadge } from '../../components/status-badge'
import { curvePoints } from '../../lib/curve'
import { moment } from '../../lib/format'
import { useRuns } from '../../lib/queries'
import { useRunLog } from '../../lib/run-log'
import { renameRun } from './changes'
import { RunCharts } from './run-charts'
import { RunControls } from './run-controls'
import { RunFigures } from './run-figures'
import { RunMenu } from './run-menu'
import classes from './run-place.module.css'
import { RunTabs } from './run-tabs'

export function RunPlace() {
  const { id } = useParams()
  const runs = useRuns()
  const run = runs.data?.find((each) => each.id === id)
  if (run) return <KnownRun key={run.id} run={run} />
  return (
    <Place title={runs.isPending ? <Skeleton height={26} width={260} /> : 'Run'}>
      {runs.isPending && (
        <div className={classes.parts}>
          <Skeleton height={96} />
          <Skeleton height={380} />
        </div>
      )}
      {runs.isError && <LoadFailure error={runs.error} retry={runs.refetch} />}
      {runs.data && <Gone icon={IconChartLine} title="This run is gone" to="/runs" next="All runs" />}
    </Place>
  )
}

function KnownRun({ run }: { run: RunEntry }) {
  const go = useNavigate()
  const log = useRunLog(run.id, run.status)
  const points = useMemo(() => curvePoints(log.events), [log.events])
  return (
    <Place
      title={<EditableName name={run.name} kind="run" rename={(name) => renameRun(run.id, name)} />}
      about={
        <span className={classes.about}>
          <StatusBadge status={run.status} />
          <span className="numbers">
            {run.modelName} on <Link to={`/datasets/${run.datasetId}`}>{run.datasetName}</Link> · begun{' '}
            {moment(run.createdAt)}
          </span>
        </span>
      }
      actions={
        <>
          <RunControls run={run} />
          <RunMenu run={run} afterDelete={() => void go('/runs')} />
        </>
      }
    >
      <div className={classes.parts}>
        {run.error && <Problem>{run.error}</Problem>}
        {log.problem && <Problem>{log.problem}</Problem>}
        <RunFigures run={run} events={log.events} />
        <RunCharts run={run} points={points} settled={log.settled} />
        <RunTabs run={run} events={log.events} />
      </div>
    </Place>
  )
}
