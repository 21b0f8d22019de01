/** Renaming, removing and restoring data sets. */
import type { DatasetEntry } from '../../../shared/contract'
import { noteFailure, noteUndoable } from '../../lib/activities'
import { studio } from '../../lib/client'
import { sentence } from '../../lib/failure'
import { refresh } from '../../lib/queries'

export async function renameDataset(id: string, name: string): Promise<void> {
  await studio.datasets.rename({ id, name })
  await refresh('datasets')
}

/** Removes at once and offers the way back. */
export async function removeDataset({ id, name }: DatasetEntry): Promise<void> {
  try {
    await studio.datasets.remove({ id })
    await refresh('datasets')
    noteUndoable(`${name} deleted`, () => void restore(id, name))
  } catch (error) {
    noteFailure(`${name} was not deleted`, sentence(error))
  }
}

async function restore(id: string, name: string): Promise<void> {
  try {
    await studio.datasets.restore({ id })
    await refresh('datasets')
  } catch (error) {
    noteFailure(`${name} could not be brought back`, sentence(error))
  }
}
