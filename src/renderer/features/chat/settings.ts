/** Sampling settings: what the person chose, kept over a reload, over what holds for the model. */
import { useQuery } from '@tanstack/react-query'
import {
  defaultGenerationSettings,
  type GenerationSettings,
  GivenGenerationSettings,
  type ModelReference,
} from '../../../shared/contract'
import { studio } from '../../lib/client'
import { useRemembered } from '../../lib/remembered'

const parse = (value: unknown): GivenGenerationSettings | null => GivenGenerationSettings.safeParse(value).data ?? null

/** `given` is what the person chose, and all that is sent; `settings` is what holds for this model with that. */
export function useSettings(model: ModelReference | undefined) {
  const [given, setGiven] = useRemembered<GivenGenerationSettings>('sampling.given', {}, parse)
  const { data: usual = defaultGenerationSettings } = useQuery({
    queryKey: ['models', 'settings', model],
    queryFn: ({ signal }) => studio.chat.settings({ model: model! }, { signal }),
    enabled: model !== undefined,
  })
  return {
    given,
    settings: { ...usual, ...given } as GenerationSettings,
    set: (part: Partial<GenerationSettings>) => setGiven({ ...given, ...part }),
    reset: () => setGiven({}),
  }
}
