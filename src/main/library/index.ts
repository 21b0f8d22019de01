/**
 * The library: the catalogue of models, data sets, runs, conversations and exports in one home. Opening it repairs
 * what a crash left behind; closing it empties the bin.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { idsIn, openCatalogue, type Sql } from './catalogue'
import { watchChanges } from './changes'
import { openConversations } from './conversations'
import { openDatasets } from './datasets'
import { openExports } from './exports'
import { type FileLock, lockFile } from './file-lock'
import { type Home, openHome } from './home'
import { openModels } from './models'
import { openRuns } from './runs'
import { openSettings } from './settings'

export type Library = Awaited<ReturnType<typeof openLibrary>>

/** Opens the library in `folder`, making it where there is none. */
export async function openLibrary(folder: string) {
  const home = openHome(folder)
  const sql = openCatalogue(home.catalogue)
  const changes = watchChanges(sql)
  const runs = openRuns(sql, home, changes)
  const datasets = openDatasets(sql, home, changes)
  const repair = async () => {
    await datasets.emptyBin('all')
    sweep(home, sql)
  }
  const lock = await enterHome(home, repair).catch((failure) => {
    changes.close()
    sql.close()
    throw failure
  })
  for (const { id } of runs.unfinished()) await runs.reap(id)
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

/** Everyone who has the home open shares its lock. Whoever finds nobody there repairs it first. */
async function enterHome(home: Home, repair: () => Promise<void>): Promise<FileLock> {
  const file = join(home.locks, 'home.lock')
  const alone = lockFile(file, 'exclusive')
  try {
    if (alone) await repair()
  } finally {
    alone?.release()
  }
  const shared = lockFile(file, 'shared', 10_000)
  if (!shared) throw new Error(`${home.root} is being repaired by another Camelot process: try again in a moment.`)
  return shared
}

/** Deletes what is half-written, what belongs to nothing, uploads that nobody will claim, and locks of runs. */
function sweep(home: Home, sql: Sql): void {
  for (const table of ['datasets', 'models', 'exports', 'runs'] as const) {
    const known = new Set(idsIn(sql, table))
    remove(home[table], (name) => !known.has(name))
  }
  for (const folder of [...idsIn(sql, 'runs').map(home.run), home.cache, join(home.cache, 'weights')])
    remove(folder, (name) => name.startsWith('.'))
  remove(home.uploads, () => true)
  remove(home.locks, (name) => !name.startsWith('home.lock'))
}

function remove(folder: string, which: (name: string) => boolean): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) if (which(name)) rmSync(join(folder, name), { recursive: true, force: true })
}
