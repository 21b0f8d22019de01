/** A stored conversation and the ways to change it. */
import { useQuery } from '@tanstack/react-query'
import { noteFailure } from '../../lib/activities'
import { type StudioClient, studio } from '../../lib/client'
import { sentence } from '../../lib/failure'
import { refresh } from '../../lib/queries'

type Change = Omit<Parameters<StudioClient['chat']['update']>[0], 'id'>

export function useConversation(id: string) {
  const query = useQuery({
    queryKey: ['conversations', id],
    queryFn: ({ signal }) => studio.chat.get({ id }, { signal }),
  })
  async function change(part: Change) {
    await studio.chat
      .update({ id, ...part })
      .catch((error: unknown) => noteFailure('The conversation was not changed', sentence(error)))
    await refresh('conversations')
  }
  return { data: query.data, error: query.error, retry: query.refetch, change: (part: Change) => void change(part) }
}

export type Conversation = ReturnType<typeof useConversation>
