/** Sampling settings, kept over a reload. */
import { defaultGenerationSettings, GenerationSettings } from '../../../shared/contract'
import { useRemembered } from '../../lib/remembered'

const parse = (value: unknown): GenerationSettings | null => GenerationSettings.safeParse(value).data ?? null

export const useSettings = () => useRemembered<GenerationSettings>('sampling', defaultGenerationSettings, parse)
