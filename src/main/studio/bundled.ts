/** What a new home begins with: the bundled model and data set, once. What the person deletes stays deleted. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Library } from '../library'

const model = { id: 'merlin-mini', name: 'merlin-mini', path: ['models', 'merlin-mini'] }
const dataset = { name: 'Camelot facts', path: ['datasets', 'camelot.jsonl'] }

/** @param resources the folder of this installation's resources; it may move from one version to the next. */
export async function addBundled(library: Library, resources: string): Promise<void> {
  await addModel(library, join(resources, ...model.path))
  await addDataset(library, join(resources, ...dataset.path))
}

async function addModel({ models, settings }: Library, folder: string): Promise<void> {
  if (existsSync(folder)) await models.setBundled(model.id, model.name, folder, settings.claim('bundled-model'))
}

async function addDataset({ datasets, settings }: Library, file: string): Promise<void> {
  if (!existsSync(file) || !settings.claim('bundled-dataset')) return
  try {
    for await (const _ of datasets.import(file, { name: dataset.name })) {
      // Its end is all that counts.
    }
  } catch (failure) {
    settings.forget('bundled-dataset') // the next start tries again
    throw failure
  }
}
