import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultGenerationSettings } from '../../../shared/contract'
import { generationSettings } from './generation-settings'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generation-'))
})
afterEach(() => rm(folder, { recursive: true }))

const recommend = (content: unknown) => writeFile(join(folder, 'generation_config.json'), JSON.stringify(content))

describe('sampling settings', () => {
  it('are our defaults where the model recommends nothing', async () => {
    expect(await generationSettings(folder, {})).toEqual(defaultGenerationSettings)
    await recommend({ eos_token_id: 2, temperature: null, max_length: 20, transformers_version: '4.31.0' })
    expect(await generationSettings(folder, {})).toEqual(defaultGenerationSettings)
  })

  it('are the model’s own where the person gave none', async () => {
    const own = { do_sample: true, temperature: 0.6, top_p: 0.8, top_k: 20, repetition_penalty: 1.05 }
    await recommend({ ...own, eos_token_id: [2, 3] })
    expect(await generationSettings(folder, { top_k: 5, seed: 1 })).toEqual({
      ...defaultGenerationSettings,
      ...own,
      top_k: 5,
      seed: 1,
    })
    await recommend({ do_sample: false })
    expect(await generationSettings(folder, {})).toMatchObject({ do_sample: false })
    expect(await generationSettings(folder, { do_sample: true })).toMatchObject({ do_sample: true })
  })

  it.each([
    [{ temperature: 'hot' }, /generation_config\.json: temperature is wrong/],
    [{ top_p: 1.5 }, /generation_config\.json: top_p is wrong/],
    [[], /generation_config\.json is not a JSON object/],
  ])('of %j are refused', async (content, sentence) => {
    await recommend(content)
    await expect(generationSettings(folder, {})).rejects.toThrow(sentence)
  })
})
