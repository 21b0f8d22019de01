/** What a person can do to a run. Each answers when the studio has done it. */
import { noteFailure } from '../../lib/activities'
import { studio } from '../../lib/client'
import { sentence } from '../../lib/failure'
import { refresh } from '../../lib/queries'

export async function renameRun(id: string, name: string): Promise<void> {
  await studio.runs.rename({ id, name })
  await refresh('runs')
}

export async function deleteRun(id: string): Promise<void> {
  await studio.runs.remove({ id })
  await refresh('runs')
}

const refusals = { pause: 'Not paused', resume: 'Not resumed', stop: 'Not stopped' }

/** Pauses, resumes or stops; a refusal becomes a note. */
export async function controlRun(action: keyof typeof refusals, id: string): Promise<void> {
  try {
    await studio.runs[action]({ id })
  } catch (error) {
    noteFailure(refusals[action], sentence(error))
  }
  await refresh('runs')
}
