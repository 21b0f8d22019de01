/** The form's content. It is kept over a change of place and over a reload. */
import { useMemo, useSyncExternalStore } from 'react'
import { z } from 'zod'
import {
  type ArgumentName,
  argumentNames,
  presets,
  type TrainingMethod,
  type TrainingMethodId,
} from '../../../shared/contract'
import { recall, remember } from '../../lib/remembered'
import { createStore } from '../../lib/store'
import type { DraftTexts } from './argument-text'

export type Draft = {
  modelId: string | null
  datasetId: string | null
  validationDatasetId: string | null
  name: string
  presetId: string
  /** What the person typed, by argument; an argument that is not here is left to the preset and the defaults. */
  texts: DraftTexts
}

const emptyDraft: Draft = {
  modelId: null,
  datasetId: null,
  validationDatasetId: null,
  name: '',
  presetId: 'balanced',
  texts: {},
}

const Remembered = z.object({
  modelId: z.string().nullable(),
  datasetId: z.string().nullable(),
  validationDatasetId: z.string().nullable(),
  name: z.string(),
  presetId: z.enum(presets.map(({ id }) => id)),
  texts: z.partialRecord(z.enum(argumentNames), z.string()),
})

const parse = (value: unknown): Draft | null => Remembered.safeParse(value).data ?? null

const store = createStore<Draft>(recall('training-draft', parse) ?? emptyDraft)

/** The draft, and the ways to change it. */
export function useDraft() {
  const draft = useSyncExternalStore(store.subscribe, store.get)
  return useMemo(() => ({ draft, change, setText, resetAll }), [draft])
}

export function change(part: Partial<Draft>): void {
  store.set((draft) => ({ ...draft, ...part }))
  remember('training-draft', store.get())
}

/** Sets an argument's text; null hands it back to the preset, the model's recommendation or the default. */
export function setText(name: ArgumentName, text: string | null): void {
  const { [name]: _, ...others } = store.get().texts
  change({ texts: text === null ? others : { ...others, [name]: text } })
}

/** Chooses how to train; `offered` is what is taken when nothing is chosen. */
export function chooseMethod({ id, arguments: chosen }: TrainingMethod, offered: TrainingMethodId): void {
  const { method: _, base_quantization: __, ...others } = store.get().texts
  change({ texts: id === offered ? others : { ...others, ...chosen } })
}

export const resetAll = (): void => change({ texts: {} })
