/** What can be done with a run from a list or from its own place. */
import { Menu } from '@mantine/core'
import { IconFolder, IconMessageCircle, IconPackageExport, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { RunEntry } from '../../../shared/contract'
import { Confirmation } from '../../components/confirmation'
import { RowMenu } from '../../components/row-menu'
import { desktop } from '../../lib/client'
import { hasCheckpoint } from '../../lib/model-reference'
import { deleteRun } from './changes'

export function RunMenu({ run, afterDelete }: { run: RunEntry; afterDelete?: () => void }) {
  const go = useNavigate()
  const [asking, setAsking] = useState(false)
  const bridge = desktop()
  const tuned = hasCheckpoint(run)
  return (
    <>
      <RowMenu of={run.name}>
        <Menu.Item
          leftSection={<IconMessageCircle size={16} />}
          disabled={!tuned}
          onClick={() => void go(`/chat?model=run:${run.id}`)}
        >
          Chat with it
        </Menu.Item>
        <Menu.Item
          leftSection={<IconPackageExport size={16} />}
          disabled={!tuned}
          onClick={() => void go(`/exports?source=run:${run.id}`)}
        >
          Export it
        </Menu.Item>
        {bridge && (
          <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => void bridge.showInFolder(run.outputDir)}>
            Show in folder
          </Menu.Item>
        )}
        <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
          Delete
        </Menu.Item>
      </RowMenu>
      <Confirmation
        opened={asking}
        close={() => setAsking(false)}
        title={`Delete ${run.name}?`}
        text="Its checkpoints and its log are deleted with it. Exports that you made of it stay."
        verb="Delete run"
        act={async () => {
          await deleteRun(run.id)
          afterDelete?.()
        }}
      />
    </>
  )
}
