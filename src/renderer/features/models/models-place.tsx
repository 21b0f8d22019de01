/** The models one can train and talk to: the bundled one, and folders that the person added. */
import { IconBox } from '@tabler/icons-react'
import { ChooseModelFolderButton } from '../../components/choose-files'
import { EmptyState } from '../../components/empty-state'
import { LoadFailure } from '../../components/load-failure'
import { Place } from '../../components/place'
import { TableSkeleton } from '../../components/table-skeleton'
import { useModels } from '../../lib/queries'
import { ModelTable } from './model-table'

export function ModelsPlace() {
  const models = useModels()
  return (
    <Place
      title="Models"
      about="What you can train and chat with. Drop a model’s folder anywhere on the window to add it."
      actions={<ChooseModelFolderButton />}
    >
      {models.isPending && <TableSkeleton />}
      {models.isError && <LoadFailure error={models.error} retry={models.refetch} />}
      {models.data?.length === 0 && (
        <EmptyState
          icon={IconBox}
          title="No models yet"
          text="Drop a folder in Hugging Face layout on the window: config.json, tokenizer.json and *.safetensors. Or choose one."
          action={<ChooseModelFolderButton />}
        />
      )}
      {models.data && models.data.length > 0 && <ModelTable models={models.data} />}
    </Place>
  )
}
