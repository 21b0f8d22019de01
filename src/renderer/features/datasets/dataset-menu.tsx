/** What can be done with a data set besides training on it. */
import { Menu } from '@mantine/core'
import { IconEye, IconTrash } from '@tabler/icons-react'
import { useNavigate } from 'react-router'
import type { DatasetEntry } from '../../../shared/contract'
import { RowMenu } from '../../components/row-menu'
import { removeDataset } from './changes'

export function DatasetMenu({ dataset }: { dataset: DatasetEntry }) {
  const go = useNavigate()
  return (
    <RowMenu of={dataset.name}>
      <Menu.Item leftSection={<IconEye size={16} />} onClick={() => void go(`/datasets/${dataset.id}`)}>
        Look at the rows
      </Menu.Item>
      <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void removeDataset(dataset)}>
        Delete
      </Menu.Item>
    </RowMenu>
  )
}
