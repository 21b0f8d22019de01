/** What the form asks of the studio: recommendations, the estimate, and the run itself. */
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import {
  type ArgumentName,
  argumentNames,
  type DatasetEntry,
  type Estimate,
  type ModelEntry,
  presentationOf,
} from '../../../shared/contract'
import { type StudioClient, studio } from '../../lib/client'
import { refusedArgument, sentence } from '../../lib/failure'
import { count } from '../../lib/format'
import { queryClient, refresh, useRuns } from '../../lib/queries'
import type { Resolution } from './resolution'

export type TrainRequest = Parameters<StudioClient['training']['start']>[0]
export type Refusal = { sentence: string; argument: ArgumentName | null }

export const useRecommendations = (modelId: string | undefined) =>
  useQuery({
    queryKey: ['models', modelId, 'recommendations'],
    queryFn: async ({ signal }) =>
      (await studio.models.recommendations({ id: modelId ?? '' }, { signal })).training_arguments,
    enabled: modelId !== undefined,
    placeholderData: keepPreviousData,
  })

/** What stands between the form and a run, in one sentence; null when nothing does. */
export function obstacleOf(
  model: ModelEntry | undefined,
  dataset: DatasetEntry | undefined,
  { errors }: Resolution,
): string | null {
  if (!model) return 'Add a model that can be used: drop its folder on the window.'
  if (!dataset) return 'Drop a JSONL, JSON, CSV or TXT file on the window to have something to learn.'
  const wrong = Object.keys(errors) as ArgumentName[]
  if (wrong.length === 1) return `One field needs another value: ${presentationOf(wrong[0]!).title}.`
  if (wrong.length > 1) return `${count(wrong.length)} fields need another value.`
  return null
}

/** The studio's forecast for `request`, asked for when typing pauses; the last one stays while the next is made. */
export function useEstimate(request: TrainRequest | undefined) {
  const [settled] = useDebouncedValue(request ? JSON.stringify({ ...request, name: null }) : '', 250)
  const query = useQuery({
    queryKey: ['estimate', settled],
    queryFn: ({ signal }) => studio.training.estimate(JSON.parse(settled) as TrainRequest, { signal }),
    enabled: settled !== '' && request !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 5_000,
  })
  useMeasurement(query.data && request ? { request, estimate: query.data, refetch: query.refetch } : null)
  const refused = request && query.isError ? refusalOf(query.error) : null
  return {
    data: request ? query.data : undefined,
    pending: request !== undefined && query.isPending && !refused,
    refusal: refused,
  }
}

type Unmeasured = { request: TrainRequest; estimate: Estimate; refetch(): unknown }

/** Has the data set measured where the estimate lacks its tokens, and asks for the estimate again. */
function useMeasurement(unmeasured: Unmeasured | null) {
  const needed = unmeasured !== null && unmeasured.estimate.tokensPerEpoch === null
  const id = unmeasured?.request.datasetId ?? ''
  const modelId = unmeasured?.request.modelId ?? ''
  const maxLength = unmeasured?.estimate.arguments.max_length ?? 512
  useQuery({
    queryKey: ['measurement', id, modelId, maxLength],
    queryFn: async ({ signal }) => {
      await studio.datasets.statistics({ id, modelId, maxLength }, { signal })
      await unmeasured?.refetch()
      return true
    },
    enabled: needed,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** What the processor is good for. Measured once; not while a run trains, since the two would share it. */
export function useProcessorAdvice(): string | undefined {
  const runs = useRuns()
  const idle = runs.data?.every(({ status }) => status !== 'running') ?? false
  const query = useQuery({
    queryKey: ['processor'],
    queryFn: async ({ signal }) => {
      const report = await studio.system.processor({}, { signal })
      void queryClient.invalidateQueries({ queryKey: ['estimate'] }) // its speed makes times known
      return report
    },
    enabled: idle,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return query.data?.advice
}

/** Starts the run and goes to it. A refusal is forgotten when the request changes. */
export function useStart(current: TrainRequest | undefined) {
  const go = useNavigate()
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<{ request: string; refusal: Refusal } | null>(null)
  async function start(request: TrainRequest) {
    setBusy(true)
    setRefused(null)
    try {
      const run = await studio.training.start(request)
      await refresh('runs')
      await go(`/runs/${run.id}`)
    } catch (error) {
      setRefused({ request: JSON.stringify(request), refusal: refusalOf(error) })
    } finally {
      setBusy(false)
    }
  }
  return { start, busy, refusal: refused && refused.request === JSON.stringify(current) ? refused.refusal : null }
}

function refusalOf(error: unknown): Refusal {
  const argument = refusedArgument(error)
  const known = argumentNames.find((name) => name === argument) ?? null
  return { sentence: sentence(error), argument: known }
}
