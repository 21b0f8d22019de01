/** Puts a run that is over before its last step back to work, from its last checkpoint or, without one, anew. */
import { access } from 'node:fs/promises'
import { conflict } from '../library/failure'
import type { StudioContext } from './context'
import { baseFolder } from './model-files'

/** @throws StudioFailure CONFLICT where the run is at work, has finished, or what it needs is gone. */
export async function resumeRun({ library, trainer }: StudioContext, id: string): Promise<void> {
  const { runs } = library
  await runs.reap(id)
  const lock = runs.claim(id)
  try {
    const { name, status, spec, modelName, datasetName } = runs.row(id)
    if (status === 'done') throw conflict('run', id, `The run "${name}" has finished; there is nothing left to train.`)
    const folder = await baseFolder(library, runs.get(id))
    await stillThere(
      folder,
      id,
      `The model "${modelName}" of the run "${name}" is gone from ${folder}: put it back there.`,
    )
    for (const rows of [spec.train, spec.validation])
      if (rows)
        await stillThere(rows.file, id, `The data set "${datasetName}" of the run "${name}" was deleted: train anew.`)
    const resumeFrom = runs.get(id).checkpoints.at(-1)?.path ?? null
    runs.update(id, { status: 'queued', finishedAt: null })
    trainer.enqueue({ ...spec, model: { ...spec.model, folder }, resumeFrom }, lock)
  } catch (failure) {
    lock.release()
    throw failure
  }
}

async function stillThere(path: string, id: string, sentence: string): Promise<void> {
  await access(path).catch(() => {
    throw conflict('run', id, sentence)
  })
}
