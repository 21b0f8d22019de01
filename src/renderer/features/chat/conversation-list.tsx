/** The conversations, newest first. */
import { ActionIcon, Button, Skeleton, Tooltip } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import type { ConversationEntry } from '../../../shared/contract'
import { Confirmation } from '../../components/confirmation'
import { EditableName } from '../../components/editable-name'
import { studio } from '../../lib/client'
import { moment } from '../../lib/format'
import { refresh, useConversations } from '../../lib/queries'
import classes from './conversation-list.module.css'

export function ConversationList({ chosen }: { chosen: string | null }) {
  const go = useNavigate()
  const conversations = useConversations()
  const [doomed, setDoomed] = useState<ConversationEntry | null>(null)

  async function remove(id: string) {
    if (id === chosen) await go('/chat')
    await studio.chat.remove({ id })
    await refresh('conversations')
  }

  return (
    <nav className={classes.list} aria-label="Conversations">
      <Button component={Link} to="/chat" variant="default" leftSection={<IconPlus size={16} />} fullWidth px="xs">
        New conversation
      </Button>
      <ul>
        {conversations.isPending && <Skeleton height={44} mt={2} />}
        {conversations.data?.length === 0 && <li className={classes.none}>Conversations are kept here.</li>}
        {conversations.data?.map((conversation) => (
          <li key={conversation.id} data-chosen={conversation.id === chosen}>
            <div className={classes.words}>
              <EditableName
                name={conversation.title}
                kind="conversation"
                longest={200}
                to={`/chat/${conversation.id}`}
                rename={(title) => rename(conversation.id, title)}
              />
              <small className="numbers">{moment(conversation.updatedAt)}</small>
            </div>
            <Tooltip label="Delete">
              <ActionIcon
                size="sm"
                className={classes.remove}
                aria-label={`Delete conversation ${conversation.title}`}
                onClick={() => setDoomed(conversation)}
              >
                <IconTrash size={15} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          </li>
        ))}
      </ul>
      <Confirmation
        opened={doomed !== null}
        close={() => setDoomed(null)}
        title="Delete this conversation?"
        text={`“${doomed?.title ?? ''}” and all its messages are deleted.`}
        verb="Delete conversation"
        act={() => (doomed ? remove(doomed.id) : Promise.resolve())}
      />
    </nav>
  )
}

async function rename(id: string, title: string) {
  await studio.chat.update({ id, title })
  await refresh('conversations')
}
