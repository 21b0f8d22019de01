/** The runs as a table: state, a small curve of the loss, where it stands. */
import { Progress } from '@mantine/core'
import type { RunEntry } from '../../../shared/contract'
import { EditableName } from '../../components/editable-name'
import table from '../../components/list-table.module.css'
import { StatusBadge } from '../../components/status-badge'
import { count, duration, loss, moment } from '../../lib/format'
import { renameRun } from './changes'
import { RunMenu } from './run-menu'
import classes from './run-table.module.css'
import { Sparkline } from './sparkline'

export function RunTable({ runs }: { runs: RunEntry[] }) {
  return (
    <div className={table.frame}>
      <table className={table.table} aria-label="Runs">
        <colgroup>
          <col />
          <col className={classes.status} />
          <col className={classes.curve} />
          <col className={classes.progress} />
          <col className={classes.number} />
          <col className={classes.number} />
          <col className={`${classes.time} ${table.wideOnly}`} />
          <col className={classes.actions} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">State</th>
            <th scope="col">Curve</th>
            <th scope="col">Steps</th>
            <th scope="col" className={table.number}>
              Loss
            </th>
            <th scope="col" className={table.number}>
              Eval loss
            </th>
            <th scope="col" className={`${table.number} ${table.wideOnly}`}>
              Begun
            </th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunTableRow key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function RunTableRow({ run }: { run: RunEntry }) {
  return (
    <tr>
      <td className={table.main}>
        <EditableName name={run.name} kind="run" to={`/runs/${run.id}`} rename={(name) => renameRun(run.id, name)} />
        <span className={table.soft}>
          {run.modelName} · {run.datasetName}
        </span>
      </td>
      <td>
        <StatusBadge status={run.status} />
      </td>
      <td>
        <Sparkline run={run} />
      </td>
      <td>
        <span className="numbers">
          {count(run.step)} of {count(run.steps)}
        </span>
        {run.status === 'running' || run.status === 'paused' ? (
          <>
            <Progress value={share(run)} size={3} mt={4} aria-label={`Progress of ${run.name}`} />
            {run.etaSeconds !== null && <span className={table.soft}>{duration(run.etaSeconds)} left</span>}
          </>
        ) : null}
      </td>
      <td className={table.number}>{loss(run.loss)}</td>
      <td className={table.number}>{loss(run.evalLoss)}</td>
      <td className={`${table.number} ${table.wideOnly}`}>{moment(run.createdAt)}</td>
      <td>
        <div className={table.actions}>
          <RunMenu run={run} />
        </div>
      </td>
    </tr>
  )
}

const share = (run: RunEntry) => (run.steps > 0 ? (100 * run.step) / run.steps : 0)
