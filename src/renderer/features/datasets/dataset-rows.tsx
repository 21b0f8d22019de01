/** The rows, a page at a time as they come into sight; prompt and completion to the letter. */
import { Skeleton } from '@mantine/core'
import { useQueries } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef, useState } from 'react'
import type { DatasetEntry, DatasetRow } from '../../../shared/contract'
import { LoadFailure } from '../../components/load-failure'
import { Panel } from '../../components/place'
import { studio } from '../../lib/client'
import { count, plural } from '../../lib/format'
import classes from './dataset-rows.module.css'
import { ExactText } from './exact-text'

const pageSize = 100
const rowHeight = 76

export function DatasetRows({ dataset }: { dataset: DatasetEntry }) {
  const scroller = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const virtual = useVirtualizer({
    count: dataset.rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const pages = useRowPages(dataset, items[0]?.index ?? 0, items.at(-1)?.index ?? 0)
  const withPrompt = dataset.mapping.kind !== 'text'

  function toggle(index: number) {
    const next = new Set(opened)
    if (!next.delete(index)) next.add(index)
    setOpened(next)
  }

  return (
    <Panel title="Rows" aside={<span className={`${classes.soft} numbers`}>{plural(dataset.rows, 'row')}</span>}>
      {pages.error && <LoadFailure error={pages.error} retry={pages.retry} />}
      <div className={classes.head} data-prompt={withPrompt} aria-hidden="true">
        <span>#</span>
        {withPrompt && <span>Prompt</span>}
        <span>{withPrompt ? 'Completion' : 'Text'}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable with the keyboard */}
      <section ref={scroller} className={classes.scroller} aria-label="Rows of the data set" tabIndex={0}>
        <div className={classes.sheet} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className={classes.place}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Row
                index={item.index}
                row={pages.rows.get(item.index)}
                withPrompt={withPrompt}
                opened={opened.has(item.index)}
                toggle={() => toggle(item.index)}
              />
            </div>
          ))}
        </div>
      </section>
    </Panel>
  )
}

/** The pages that hold the rows from `first` to `last`. */
function useRowPages(dataset: DatasetEntry, first: number, last: number) {
  const from = Math.floor(first / pageSize)
  const to = Math.floor(last / pageSize)
  const results = useQueries({
    queries: Array.from({ length: to - from + 1 }, (_, i) => ({
      queryKey: ['datasets', dataset.id, 'rows', from + i, dataset.mapping],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        studio.datasets.rows({ id: dataset.id, offset: (from + i) * pageSize, limit: pageSize }, { signal }),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  })
  const failed = results.find((result) => result.isError)
  const rows = new Map<number, DatasetRow>()
  for (const { data } of results) for (const row of data?.rows ?? []) rows.set(row.index, row)
  return { rows, error: failed?.error ?? null, retry: () => failed?.refetch() }
}

type RowProps = { index: number; row: DatasetRow | undefined; withPrompt: boolean; opened: boolean; toggle(): void }

function Row({ index, row, withPrompt, opened, toggle }: RowProps) {
  return (
    <button type="button" className={classes.row} data-prompt={withPrompt} aria-expanded={opened} onClick={toggle}>
      <span className={`${classes.index} numbers`}>{count(index + 1)}</span>
      {withPrompt && <Cell text={row?.prompt} opened={opened} />}
      <Cell text={row?.completion} opened={opened} />
    </button>
  )
}

function Cell({ text, opened }: { text: string | null | undefined; opened: boolean }) {
  if (text === undefined) return <Skeleton height={16} mt={3} width="70%" />
  if (text === null) return <span className={classes.soft}>none</span>
  return (
    <span className={opened ? classes.whole : classes.clamped}>
      <ExactText text={text} />
    </span>
  )
}
