/** What the run would use: the person's arguments over the preset, the model's recommendations and the defaults. */
import {
  ArgumentError,
  type ArgumentName,
  type DatasetEntry,
  type GivenArguments,
  type ModelEntry,
  methodOf,
  presets,
  resolveArguments,
  type TrainingArguments,
  type TrainingMethodId,
} from '../../../shared/contract'
import { applicable } from './applicability'
import { readDraft } from './argument-text'
import type { Draft } from './draft'

/** Where an argument's value comes from. */
export type Origin = 'yours' | 'preset' | 'recommended' | 'default'

export type Resolution = {
  /** What is sent: the preset with the person's changes over it. */
  given: GivenArguments
  /** Every argument in force; null while two of them contradict each other. */
  resolved: TrainingArguments | null
  /** What a field shows when the person leaves it open. */
  open: TrainingArguments
  errors: Partial<Record<ArgumentName, string>>
  /** The method in force, and the one that would be if the person had chosen none. */
  method: TrainingMethodId
  offeredMethod: TrainingMethodId
  origin(name: ArgumentName): Origin
}

export type Sources = {
  model: ModelEntry | undefined
  dataset: DatasetEntry | undefined
  recommended: GivenArguments
}

export function resolveDraft(draft: Draft, { model, dataset, recommended }: Sources): Resolution {
  const preset = presets.find(({ id }) => id === draft.presetId)?.arguments ?? {}
  const { given: typed, errors } = readDraft(draft.texts)
  const context = {
    contextLength: model?.contextLength ?? Number.MAX_SAFE_INTEGER,
    hasValidationData: draft.validationDatasetId !== null,
    hasPrompts: dataset ? dataset.mapping.kind !== 'text' : true,
  }
  const { method, base_quantization } = typed
  const chosen = { ...(method && { method }), ...(base_quantization && { base_quantization }) }
  const openWith = (choice: GivenArguments): TrainingArguments =>
    resolveOrExplain(() => resolveArguments({ ...preset, ...choice }, recommended, context)).resolved ??
    resolveArguments(choice, {}, context)
  const open = openWith(chosen)
  const given = applicable({ ...preset, ...typed }, open)
  const attempt = resolveOrExplain(() => resolveArguments(given, recommended, context))
  if (attempt.error) errors[attempt.error.argument] ??= attempt.error.message
  return {
    given,
    resolved: attempt.resolved,
    open,
    errors: applicable(errors, open),
    method: methodOf(open),
    offeredMethod: methodOf(openWith({})),
    origin,
  }

  function origin(name: ArgumentName): Origin {
    if (draft.texts[name] !== undefined) return 'yours'
    if (preset[name] !== undefined) return 'preset'
    return recommended[name] !== undefined && open[name] === recommended[name] ? 'recommended' : 'default'
  }
}

function resolveOrExplain(resolve: () => TrainingArguments): {
  resolved: TrainingArguments | null
  error: ArgumentError | null
} {
  try {
    return { resolved: resolve(), error: null }
  } catch (error) {
    if (error instanceof ArgumentError) return { resolved: null, error }
    throw error
  }
}
