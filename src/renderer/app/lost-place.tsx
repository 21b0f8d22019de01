/** What stands there when a place could not be drawn. */
import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useRouteError } from 'react-router'
import { EmptyState } from '../components/empty-state'
import { sentence } from '../lib/failure'

export function LostPlace() {
  const error = useRouteError()
  return (
    <EmptyState
      icon={IconRefresh}
      title="This place could not be shown"
      text={sentence(error)}
      action={<Button onClick={() => window.location.reload()}>Load the window again</Button>}
    />
  )
}
