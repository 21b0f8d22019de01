/** What a place shows when its address names something that is not there any more. */
import { Button } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { Link } from 'react-router'
import { EmptyState } from './empty-state'

type Props = { icon: Icon; title: string /** Where to go instead, and in which words. */; to: string; next: string }

export const Gone = ({ icon, title, to, next }: Props) => (
  <EmptyState
    icon={icon}
    title={title}
    text="It was deleted, or belongs to another data folder."
    action={
      <Button component={Link} to={to}>
        {next}
      </Button>
    }
  />
)
