/**
 * Finds the data set that a person names: by name or id, or a file. A file enters the catalogue, once for as long as it
 * does not change, so that runs on it show in the window too.
 */
import { stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { DatasetEntry } from '../../shared/contract'
import type { Session } from './command'
import { Failure, Interrupted } from './exit-status'
import { bytes, count } from './figures'
import { importedFrom, rememberImport } from './imported-files'
import { looksLikePath, named } from './names'

/** @throws Failure where nothing has that name or the file cannot be read as rows */
export async function findDataset(text: string, session: Session): Promise<DatasetEntry> {
  const { client } = await session.studio()
  const path = resolve(session.workingFolder, text)
  const here = await stat(path).catch(() => null)
  if (!(here && looksLikePath(text))) {
    const dataset = named(await client.datasets.list({}), text, 'data set')
    if (dataset) return dataset
  }
  if (here) return (await alreadyImported(path, session)) ?? importFile(path, undefined, session)
  if (looksLikePath(text))
    throw new Failure(`There is no file ${path}; give a data file, or a name from “camelot datasets”.`)
  throw new Failure(`There is no data set “${text}”; give a file, or a name from “camelot datasets”.`)
}

/** Imports a file, with a progress bar. @throws Failure where it cannot be read as rows */
export async function importFile(path: string, name: string | undefined, session: Session): Promise<DatasetEntry> {
  const { client } = await session.studio()
  const looked = await stat(path)
  const events = await client.datasets.import(
    { source: { kind: 'path', path }, name },
    { signal: session.interruption.signal },
  )
  for await (const event of events) {
    if (session.interruption.asked) break
    if (event.type === 'done') {
      session.terminal.endProgress()
      await rememberImport(session.places.home, path, looked, event.dataset.id)
      return event.dataset
    }
    const figures = [`${bytes(event.bytesRead)} of ${bytes(event.bytesTotal)}`, `${count(event.rows)} rows`]
    session.terminal.progress({
      done: event.bytesRead,
      total: event.bytesTotal,
      label: `reading ${basename(path)}`,
      figures,
    })
  }
  throw new Interrupted()
}

/** The data set that this very file became, if it is still in the catalogue. */
async function alreadyImported(path: string, session: Session): Promise<DatasetEntry | undefined> {
  const { client } = await session.studio()
  const id = await importedFrom(session.places.home, path)
  return (await client.datasets.list({})).find((dataset) => dataset.id === id)
}
