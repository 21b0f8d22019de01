/** The small files that belong to a model's weights: its tokenizer's, its configuration's. */
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '../files/json'
import { asDiskError } from '../files/whole'

export const tokenizerFiles = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'merges.txt',
  'chat_template.jinja',
]

/** Copies those of the named files that are there. @throws EngineError `disk` */
export async function copyCompanions(from: string, to: string, names: readonly string[]): Promise<void> {
  for (const name of names)
    try {
      await copyFile(join(from, name), join(to, name))
    } catch (error) {
      if (!isMissing(error)) throw asDiskError(error, join(to, name))
    }
}
