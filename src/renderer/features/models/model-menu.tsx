/** What can be done with a model besides training it. */
import { Menu } from '@mantine/core'
import { IconFolder, IconMessageCircle, IconPackageExport, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { ModelEntry } from '../../../shared/contract'
import { Confirmation } from '../../components/confirmation'
import { RowMenu } from '../../components/row-menu'
import { desktop, studio } from '../../lib/client'
import { refresh } from '../../lib/queries'

export function ModelMenu({ model }: { model: ModelEntry }) {
  const go = useNavigate()
  const [asking, setAsking] = useState(false)
  const usable = model.problem === null
  const bridge = desktop()
  return (
    <>
      <RowMenu of={model.name}>
        {usable && (
          <>
            <Menu.Item
              leftSection={<IconMessageCircle size={16} />}
              onClick={() => void go(`/chat?model=model:${model.id}`)}
            >
              Chat with it
            </Menu.Item>
            <Menu.Item
              leftSection={<IconPackageExport size={16} />}
              onClick={() => void go(`/exports?source=model:${model.id}`)}
            >
              Export it
            </Menu.Item>
          </>
        )}
        {bridge && (
          <Menu.Item leftSection={<IconFolder size={16} />} onClick={() => void bridge.showInFolder(model.folder)}>
            Show in folder
          </Menu.Item>
        )}
        <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
          Remove
        </Menu.Item>
      </RowMenu>
      <Confirmation
        opened={asking}
        close={() => setAsking(false)}
        title={`Remove ${model.name}?`}
        text="It leaves the list. A folder of your own stays where it is, and you can add it again."
        verb="Remove"
        act={() => remove(model.id)}
      />
    </>
  )
}

async function remove(id: string) {
  await studio.models.remove({ id })
  await refresh('models')
}
