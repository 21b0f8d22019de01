/** Brings files and folders into the catalogue: by path in Electron, by upload in a browser. Each is an activity. */
import type { FileSource } from '../../shared/contract'
import { type ActivityHandle, beginActivity } from './activities'
import { desktop, studio } from './client'
import { classify, type DroppedItem, type FolderFile } from './dropped-items'
import { sentence } from './failure'
import { bytes, plural } from './format'
import { refresh } from './queries'
import { uploadFile, uploadFolder } from './uploads'

/** Starts everything that can be used among `items`, two at a time; says what cannot. */
export async function takeIn(items: DroppedItem[]): Promise<void> {
  const intake = classify(items)
  for (const refusal of intake.refused) beginActivity('Not added', '').fail(refusal)
  const work = [
    ...intake.models.map((model) => () => addModel(model.name, (activity) => modelSource(model, activity))),
    ...intake.datasets.map((file) => () => importDataset(file.name, (activity) => fileSource(file, activity))),
  ]
  await Promise.all([0, 1].map(() => workThrough(work)))
}

/** Paths chosen in a dialog of the system (Electron). */
export async function takeInPaths(paths: string[]): Promise<void> {
  const work = paths.map((path) => () => importDataset(baseName(path), async () => ({ kind: 'path', path })))
  await workThrough(work)
}

export const addModelFolder = (path: string): Promise<void> =>
  addModel(baseName(path), async () => ({ kind: 'path', path }))

type Source = (activity: ActivityHandle) => Promise<FileSource>

async function importDataset(name: string, source: Source): Promise<void> {
  const activity = beginActivity(name, 'Waiting')
  try {
    for await (const event of await studio.datasets.import({ source: await source(activity) })) {
      if (event.type === 'done') {
        await refresh('datasets')
        activity.done(`${plural(event.dataset.rows, 'row')} added to Datasets`, {
          to: `/datasets/${event.dataset.id}`,
          label: 'Show',
        })
      } else
        activity.update({
          detail: `Reading · ${plural(event.rows, 'row')}`,
          progress: event.bytesTotal > 0 ? event.bytesRead / event.bytesTotal : null,
        })
    }
  } catch (error) {
    activity.fail(sentence(error))
  }
}

async function addModel(name: string, source: Source): Promise<void> {
  const activity = beginActivity(name, 'Adding the model')
  try {
    const model = await studio.models.add({ source: await source(activity) })
    await refresh('models')
    if (model.problem) activity.fail(model.problem)
    else activity.done('Added to Models', { to: '/models', label: 'Show' })
  } catch (error) {
    activity.fail(sentence(error))
  }
}

async function fileSource(file: File, activity: ActivityHandle): Promise<FileSource> {
  const path = desktop()?.pathForFile(file)
  if (path) return { kind: 'path', path }
  const id = await uploadFile(file, file.name, null, (sent) => showSending(activity, sent, file.size))
  return { kind: 'upload', id }
}

async function modelSource(
  model: { name: string; files: FolderFile[]; handle: File | null },
  activity: ActivityHandle,
): Promise<FileSource> {
  const path = model.handle ? desktop()?.pathForFile(model.handle) : undefined
  if (path) return { kind: 'path', path }
  const total = model.files.reduce((sum, { file }) => sum + file.size, 0)
  const files = model.files.map(({ path: inside, file }) => ({ path: `${model.name}/${inside}`, file }))
  return { kind: 'upload', id: await uploadFolder(files, (sent) => showSending(activity, sent, total)) }
}

function showSending(activity: ActivityHandle, sent: number, total: number) {
  activity.update({ detail: `Sending · ${bytes(sent)} of ${bytes(total)}`, progress: total > 0 ? sent / total : null })
}

async function workThrough(work: (() => Promise<void>)[]): Promise<void> {
  for (let next = work.shift(); next; next = work.shift()) await next()
}

const baseName = (path: string) => path.split(/[\\/]/).filter(Boolean).at(-1) ?? path
