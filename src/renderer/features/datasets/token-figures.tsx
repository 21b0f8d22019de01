/** Row and token counts, measured with the tokenizer of a model that the person chooses. */
import { Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { DatasetEntry, DatasetStatistics } from '../../../shared/contract'
import { Figure, Figures } from '../../components/figure'
import { Panel } from '../../components/place'
import { Problem } from '../../components/problem'
import { studio } from '../../lib/client'
import { sentence } from '../../lib/failure'
import { count } from '../../lib/format'
import { isRunnable } from '../../lib/model-reference'
import { useModels } from '../../lib/queries'
import { useRemembered } from '../../lib/remembered'

const asText = (value: unknown) => (typeof value === 'string' ? value : null)

export function TokenFigures({ dataset }: { dataset: DatasetEntry }) {
  const models = (useModels().data ?? []).filter(isRunnable)
  const [remembered, setModel] = useRemembered<string>('token-model', '', asText)
  const model = models.find((each) => each.id === remembered) ?? models[0]
  const statistics = useStatistics(dataset, model?.id, model?.contextLength ?? 512)
  return (
    <Panel
      title="Rows and tokens"
      aside={
        <Select
          size="xs"
          w={230}
          aria-label="Count tokens with the tokenizer of"
          placeholder="No model to count with"
          allowDeselect={false}
          disabled={models.length === 0}
          value={model?.id ?? null}
          data={models.map(({ id, name }) => ({ value: id, label: `Tokenizer of ${name}` }))}
          onChange={(id) => id && setModel(id)}
        />
      }
    >
      {statistics.isError ? (
        <Problem>{sentence(statistics.error)}</Problem>
      ) : (
        <StatisticsRow rows={dataset.rows} statistics={statistics.data} none={!model} />
      )}
    </Panel>
  )
}

function useStatistics(dataset: DatasetEntry, modelId: string | undefined, contextLength: number) {
  const maxLength = Math.min(512, contextLength)
  return useQuery({
    queryKey: ['datasets', dataset.id, 'statistics', modelId, maxLength, dataset.mapping],
    queryFn: ({ signal }) =>
      studio.datasets.statistics({ id: dataset.id, modelId: modelId ?? '', maxLength }, { signal }),
    enabled: modelId !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}

type Measure = { name: string; of(statistics: DatasetStatistics): ReactNode }

const measures: Measure[] = [
  { name: 'Tokens', of: ({ tokens }) => count(tokens.total) },
  { name: 'Tokens learnt', of: ({ tokens }) => count(tokens.supervised) },
  { name: 'Shortest', of: ({ tokens }) => count(tokens.min) },
  { name: 'Median', of: ({ tokens }) => count(tokens.median) },
  { name: '95 % below', of: ({ tokens }) => count(tokens.p95) },
  { name: 'Longest', of: ({ tokens }) => count(tokens.max) },
  { name: 'Cut', of: ({ truncated }) => count(truncated) },
  { name: 'Nothing to learn', of: ({ unsupervised }) => count(unsupervised) },
  { name: 'Duplicates', of: ({ duplicates }) => count(duplicates) },
]

function StatisticsRow({ rows, statistics, none }: { rows: number; statistics?: DatasetStatistics; none: boolean }) {
  return (
    <Figures columns={5}>
      <Figure name="Rows" value={count(rows)} />
      {measures.map(({ name, of }) => (
        <Figure
          key={name}
          name={name}
          value={statistics ? of(statistics) : none ? '–' : <Skeleton height={18} width={56} mt={3} />}
        />
      ))}
    </Figures>
  )
}
