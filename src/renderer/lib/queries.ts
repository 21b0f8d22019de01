/** What the window knows of the catalogue: cached lists that are asked for again when the studio says they changed. */
import { QueryClient, useQuery } from '@tanstack/react-query'
import type { CatalogueChange } from '../../shared/contract'
import { connection, studio } from './client'

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 60_000, retry: 1, refetchOnWindowFocus: false, networkMode: 'always' } },
})

export const useModels = () =>
  useQuery({ queryKey: ['models'], queryFn: ({ signal }) => studio.models.list({}, { signal }) })
export const useDatasets = () =>
  useQuery({ queryKey: ['datasets'], queryFn: ({ signal }) => studio.datasets.list({}, { signal }) })
export const useRuns = () => useQuery({ queryKey: ['runs'], queryFn: ({ signal }) => studio.runs.list({}, { signal }) })
export const useConversations = () =>
  useQuery({ queryKey: ['conversations'], queryFn: ({ signal }) => studio.chat.list({}, { signal }) })
export const useExports = () =>
  useQuery({ queryKey: ['exports'], queryFn: ({ signal }) => studio.exports.list({}, { signal }) })

/** Asks again for one part of the catalogue; everything of it is under the kind's name. */
export const refresh = (kind: CatalogueChange['kind']): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: [kind] })

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Follows the studio's changes until `signal` fires; after a lost connection everything shown is asked for again. */
export async function followChanges(signal: AbortSignal): Promise<void> {
  const forget = connection().onReopened(() => void queryClient.invalidateQueries())
  signal.addEventListener('abort', forget)
  while (!signal.aborted) {
    try {
      for await (const change of await studio.system.changes({}, { signal })) if (change.id) await refresh(change.kind)
    } catch {
      // The stream ends with the connection; the next call waits for the new one.
    }
    if (!signal.aborted) await pause(300)
  }
}
