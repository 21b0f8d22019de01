/** The training form: sources, preset, hyper-parameters, and beside them what the run will be. */
import { Button, Skeleton } from '@mantine/core'
import { useEffect } from 'react'
import { useSearchParams } from 'react-router'
import { LoadFailure } from '../../components/load-failure'
import { Place } from '../../components/place'
import { isRunnable } from '../../lib/model-reference'
import { useDatasets, useModels } from '../../lib/queries'
import { ArgumentGroups } from './argument-groups'
import { change, chooseMethod, resetAll, useDraft } from './draft'
import { Forecast } from './forecast'
import { MethodCards } from './method-cards'
import { PresetChoice } from './preset-choice'
import { resolveDraft } from './resolution'
import { SourceFields } from './source-fields'
import classes from './training-place.module.css'
import { obstacleOf, useEstimate, useProcessorAdvice, useRecommendations, useStart } from './training-request'
import { useTrial } from './trial'

export function TrainingPlace() {
  useLinkedSources()
  const { draft } = useDraft()
  const models = useModels()
  const datasets = useDatasets()
  const usable = (models.data ?? []).filter(isRunnable)
  const model = usable.find(({ id }) => id === draft.modelId) ?? usable[0]
  const dataset = datasets.data?.find(({ id }) => id === draft.datasetId) ?? datasets.data?.[0]
  const validation = datasets.data?.find(({ id }) => id === draft.validationDatasetId && id !== dataset?.id)
  const recommended = useRecommendations(model?.id)
  const sound = { ...draft, validationDatasetId: validation?.id ?? null }
  const resolution = resolveDraft(sound, { model, dataset, recommended: recommended.data ?? {} })
  const obstacle = obstacleOf(model, dataset, resolution)
  const request = model &&
    dataset && {
      modelId: model.id,
      datasetId: dataset.id,
      validationDatasetId: sound.validationDatasetId,
      name: draft.name.trim() || null,
      arguments: resolution.given,
    }
  const estimate = useEstimate(obstacle === null ? request : undefined)
  const trial = useTrial(request)
  const advice = useProcessorAdvice()
  const { start, busy, refusal } = useStart(request)
  const told = refusal ?? estimate.refusal
  if (told?.argument) resolution.errors[told.argument] ??= told.sentence
  const changed = Object.keys(draft.texts).length

  if (models.isPending || datasets.isPending || (model && recommended.isPending)) return <TrainingSkeleton />
  return (
    <Place
      title="Train"
      about="Names, defaults and meaning are the Trainer’s. What you leave open follows the model and the defaults."
      actions={
        <Button variant="default" disabled={changed === 0} onClick={resetAll}>
          Reset all fields
        </Button>
      }
    >
      <div className={classes.columns}>
        <div className={classes.form}>
          {models.isError && <LoadFailure error={models.error} retry={models.refetch} />}
          {datasets.isError && <LoadFailure error={datasets.error} retry={datasets.refetch} />}
          <SourceFields
            draft={sound}
            models={usable}
            datasets={datasets.data ?? []}
            modelId={model?.id ?? null}
            datasetId={dataset?.id ?? null}
          />
          <PresetChoice value={draft.presetId} onChange={(presetId) => change({ presetId })} />
          <ArgumentGroups
            texts={draft.texts}
            resolution={resolution}
            methods={
              <MethodCards
                value={resolution.method}
                onChange={(method) => chooseMethod(method, resolution.offeredMethod)}
                estimate={estimate.data}
                trial={trial}
                advice={advice}
                ready={obstacle === null}
              />
            }
          />
        </div>
        <Forecast
          estimate={estimate.data}
          method={resolution.method}
          outcome={trial.outcomes[resolution.method]}
          pending={estimate.pending}
          obstacle={obstacle}
          failure={told?.sentence ?? null}
          busy={busy}
          start={() => request && start(request)}
        />
      </div>
    </Place>
  )
}

/** `?model=` and `?dataset=` of a link from another place choose the sources once. */
function useLinkedSources() {
  const [search, setSearch] = useSearchParams()
  useEffect(() => {
    const modelId = search.get('model')
    const datasetId = search.get('dataset')
    if (!modelId && !datasetId) return
    change({ ...(modelId && { modelId }), ...(datasetId && { datasetId }) })
    setSearch({}, { replace: true })
  }, [search, setSearch])
}

function TrainingSkeleton() {
  return (
    <Place title="Train" about="Names, defaults and meaning are the Trainer’s.">
      <div className={classes.columns}>
        <div className={classes.form}>
          <Skeleton height={138} />
          <Skeleton height={86} />
          <Skeleton height={230} />
        </div>
        <Skeleton height={420} />
      </div>
    </Place>
  )
}
