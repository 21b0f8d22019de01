/** What a new home begins with: the bundled model and data set, once. What the person deletes stays deleted. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Library } from '../library'

const model = { id: 'merlin-mini', name: 'merlin-mini', path: ['models', 'merlin-mini'] }
const dataset = { name: 'Camelot facts', path: ['datasets', 'camelot.jsonl'] }

/** @param resources the folder of this installation's resources; it may move from one version to the next. */
export async function addBundled(library: Library, resources: string): Promise<void> {
  const folder = join(resources, ...model.path)
  if (existsSync(folder)) {
    await library.models.setBundled(model.id, model.name, folder, !library.settings.has('bundled-model'))
    library.settings.set('bundled-model', 'added')
  }
  const file = join(resources, ...dataset.path)
  if (!existsSync(file) || library.settings.has('bundled-dataset')) return
  library.settings.set('bundled-dataset', 'added') // before the import, so that two processes do not both add it
  for await (const _ of library.datasets.import(file, { name: dataset.name })) {
    // Its end is all that counts.
  }
}
