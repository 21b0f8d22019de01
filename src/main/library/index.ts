/**
 * The library: the catalogue of models, data sets, runs, conversations and exports in one home. Opening it repairs
 * what a crash left behind; closing it empties the bin.
 */
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { openCatalogue } from './catalogue'
import { watchChanges } from './changes'
import { openConversations } from './conversations'
import { openDatasets } from './datasets'
import { openExports } from './exports'
import { type FileLock, lockFile } from './file-lock'
import { type Home, openHome, unfinishedPrefix } from './home'
import { openModels } from './models'
import { openRuns, type Runs } from './runs'
import { openSettings } from './settings'

export type Library = Awaited<ReturnType<typeof openLibrary>>

/** Opens the library in `folder`, making it where there is none. */
export async function openLibrary(folder: string) {
  const home = openHome(folder)
  const { lock, alone } = enterHome(home)
  const sql = openCatalogue(home.catalogue)
  const changes = watchChanges(sql)
  const runs = openRuns(sql, home, changes)
  await interruptOrphans(runs)
  const datasets = openDatasets(sql, home, changes)
  if (alone) await datasets.emptyBin('all')
  return {
    home,
    changes,
    runs,
    datasets,
    models: openModels(sql, home, changes),
    conversations: openConversations(sql, changes),
    exports: openExports(sql, changes),
    settings: openSettings(sql),
    async close() {
      await datasets.emptyBin('mine')
      changes.close()
      sql.close()
      lock.release()
    },
  }
}

/** Everyone who has the home open shares this lock. Whoever finds nobody there sweeps up first. */
function enterHome(home: Home): { lock: FileLock; alone: boolean } {
  const file = join(home.locks, 'home.lock')
  const alone = lockFile(file, 'exclusive')
  if (alone) {
    try {
      sweep(home)
    } finally {
      alone.release()
    }
  }
  const shared = lockFile(file, 'shared', 10_000)
  if (!shared) throw new Error(`${home.root} is being repaired by another Camelot process: try again in a moment.`)
  return { lock: shared, alone: alone !== null }
}

/** Deletes half-written folders, uploads that nobody will claim any more, and locks of runs. */
function sweep(home: Home): void {
  const runs = readdirSync(home.runs).map((name) => join(home.runs, name))
  for (const folder of [home.datasets, home.models, home.exports, home.runs, ...runs])
    remove(folder, (name) => name.startsWith(unfinishedPrefix))
  remove(home.uploads, () => true)
  remove(home.locks, (name) => !name.startsWith('home.lock'))
}

function remove(folder: string, which: (name: string) => boolean): void {
  if (!statSync(folder).isDirectory()) return
  for (const name of readdirSync(folder)) if (which(name)) rmSync(join(folder, name), { recursive: true, force: true })
}

async function interruptOrphans(runs: Runs): Promise<void> {
  for (const { id } of runs.unfinished()) await runs.reap(id)
}
