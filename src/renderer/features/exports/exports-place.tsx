/** Taking models away: choose a source and a format, and find what was exported before. */
import { IconPackageExport } from '@tabler/icons-react'
import { EmptyState } from '../../components/empty-state'
import { LoadFailure } from '../../components/load-failure'
import { Place } from '../../components/place'
import { TableSkeleton } from '../../components/table-skeleton'
import { useExports } from '../../lib/queries'
import { ExportForm } from './export-form'
import { ExportTable } from './export-table'
import classes from './exports.module.css'

export function ExportsPlace() {
  const exported = useExports()
  return (
    <Place title="Exports" about="Take a model away in a form that PEFT and transformers open.">
      <div className={classes.parts}>
        <ExportForm />
        {exported.isPending && <TableSkeleton />}
        {exported.isError && <LoadFailure error={exported.error} retry={exported.refetch} />}
        {exported.data?.length === 0 && (
          <EmptyState
            icon={IconPackageExport}
            title="Nothing exported yet"
            text="Choose a tuned model above and click Export. What you export is listed here, with the place where it went."
          />
        )}
        {exported.data && exported.data.length > 0 && <ExportTable exports={exported.data} />}
      </div>
    </Place>
  )
}
