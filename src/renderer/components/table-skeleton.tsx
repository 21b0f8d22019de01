/** A table's outline while its rows are fetched, as high as the rows will be. */
import { Skeleton } from '@mantine/core'
import classes from './list-table.module.css'

export function TableSkeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div className={classes.frame} aria-busy="true">
      {Array.from({ length: rows }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <div key={i} style={{ padding: '17px 14px', height: 54 }}>
          <Skeleton height={20} width={`${72 - i * 9}%`} />
        </div>
      ))}
    </div>
  )
}
