/**
 * Sampling settings for a model: what the person gave, then what the model's maker recommends in
 * `generation_config.json` (its fields are transformers' `GenerationConfig`; null is not said), then our defaults. How
 * much is written is for the person to say, so lengths are not taken from there.
 */
import { join } from 'node:path'
import { defaultGenerationSettings, type GenerationSettings, GivenGenerationSettings } from '../../../shared/contract'
import { isRecord, readJsonIfThere } from '../files/json'
import { EngineError } from '../protocol'

const Recommended = GivenGenerationSettings.pick({
  do_sample: true,
  temperature: true,
  top_k: true,
  top_p: true,
  min_p: true,
  repetition_penalty: true,
}).strip()

/** @throws EngineError `bad_model` naming the field of `generation_config.json` that is wrong. */
export async function generationSettings(folder: string, given: GivenGenerationSettings): Promise<GenerationSettings> {
  const file = join(folder, 'generation_config.json')
  const content = (await readJsonIfThere(file, 'bad_model')) ?? {}
  if (!isRecord(content)) throw new EngineError('bad_model', `${file} is not a JSON object.`)
  const parsed = Recommended.safeParse(said(content))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new EngineError('bad_model', `${file}: ${issue.path.join('.')} is wrong (${issue.message}).`)
  }
  return { ...defaultGenerationSettings, ...said(parsed.data), ...said(given) }
}

/** Without what is null or undefined. */
const said = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined))
