/** What the run has saved: each can be talked to and exported. */
import { ActionIcon, Badge, Button, Tooltip } from '@mantine/core'
import { IconFolder } from '@tabler/icons-react'
import { Link } from 'react-router'
import type { RunEntry } from '../../../shared/contract'
import { desktop } from '../../lib/client'
import { count, loss } from '../../lib/format'
import classes from './run-tabs.module.css'

export function RunCheckpoints({ run }: { run: RunEntry }) {
  if (run.checkpoints.length === 0)
    return <p className={classes.none}>No checkpoint yet. The last step is always saved.</p>
  return (
    <table className={classes.table} aria-label="Checkpoints">
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Eval loss</th>
          <th scope="col">Folder</th>
          <th aria-label="Actions" />
        </tr>
      </thead>
      <tbody>
        {run.checkpoints.map((checkpoint) => (
          <CheckpointRow key={checkpoint.step} run={run} checkpoint={checkpoint} />
        ))}
      </tbody>
    </table>
  )
}

function CheckpointRow({ run, checkpoint }: { run: RunEntry; checkpoint: RunEntry['checkpoints'][number] }) {
  const bridge = desktop()
  const reference = `run:${run.id}@${checkpoint.step}`
  return (
    <tr>
      <td>
        {count(checkpoint.step)}{' '}
        {checkpoint.step === run.bestStep && (
          <Badge size="sm" variant="light" tt="none" fw={500} ml={6}>
            the run’s model
          </Badge>
        )}
      </td>
      <td>{loss(checkpoint.evalLoss)}</td>
      <td className={classes.path} title={checkpoint.path}>
        {checkpoint.path}
      </td>
      <td>
        <div className={classes.actions}>
          {bridge && (
            <Tooltip label="Show in folder">
              <ActionIcon
                aria-label={`Show checkpoint ${checkpoint.step} in folder`}
                onClick={() => void bridge.showInFolder(checkpoint.path)}
              >
                <IconFolder size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          <Button component={Link} to={`/chat?model=${reference}`} size="compact-sm" variant="light">
            Chat with this
          </Button>
          <Button component={Link} to={`/exports?source=${reference}`} size="compact-sm" variant="default">
            Export this
          </Button>
        </div>
      </td>
    </tr>
  )
}
