/** The models of the catalogue: the bundled one, folders of the person's own, and uploaded folders. */
import { cp, rename, rm, stat } from 'node:fs/promises'
import { basename, isAbsolute, resolve } from 'node:path'
import { z } from 'zod'
import { ModelEntry, type ModelRecommendations } from '../../shared/contract'
import { allRows, deleteRow, insertRow, rowById, type Sql, updateRow } from './catalogue'
import type { Changes } from './changes'
import { booleanColumn, jsonColumn } from './columns'
import { notFound, unreadable } from './failure'
import { type Home, newId } from './home'
import { fingerprintOf, inspectModelFolder, ModelFacts, readRecommendations } from './model-folder'

const ModelRow = z.object({
  id: z.string(),
  name: z.string(),
  folder: z.string(),
  bundled: booleanColumn,
  addedAt: z.string(),
  facts: jsonColumn(ModelFacts),
  fingerprint: z.string(),
})
type ModelRow = z.infer<typeof ModelRow>

const entryOf = ({ facts, fingerprint: _, ...row }: ModelRow): ModelEntry => ModelEntry.parse({ ...row, ...facts })

export function openModels(sql: Sql, home: Home, changes: Changes) {
  const rowOf = (id: string): ModelRow => {
    const row = rowById(sql, 'models', id, ModelRow)
    if (!row) throw notFound('model', id)
    return row
  }

  /** The models that an adapter may name. */
  const named = () => allRows(sql, 'SELECT * FROM models', ModelRow).filter(({ facts }) => facts.base === null)

  /** The entry as its folder is now: a folder that changed since the last look, or could not be used, is inspected again. */
  async function current(row: ModelRow): Promise<ModelEntry> {
    const fingerprint = await fingerprintOf(row.folder, row.facts.base)
    if (fingerprint === row.fingerprint && row.facts.problem === null) return entryOf(row)
    const facts = await inspectModelFolder(row.folder, named())
    const looks = await fingerprintOf(row.folder, facts.base)
    updateRow(sql, 'models', row.id, { facts: JSON.stringify(facts), fingerprint: looks })
    return entryOf({ ...row, facts })
  }

  async function insert(given: { id: string; name: string; folder: string; bundled: boolean }): Promise<ModelEntry> {
    const facts = await inspectModelFolder(given.folder, named())
    const fingerprint = await fingerprintOf(given.folder, facts.base)
    const row = { ...given, addedAt: new Date().toISOString(), facts, fingerprint }
    insertRow(sql, 'models', { ...row, bundled: given.bundled ? 1 : 0, facts: JSON.stringify(facts) })
    changes.say('models', given.id)
    return entryOf(row)
  }

  return {
    async list(): Promise<ModelEntry[]> {
      return Promise.all(
        allRows(sql, 'SELECT * FROM models ORDER BY bundled DESC, addedAt, name', ModelRow).map(current),
      )
    },

    get: async (id: string): Promise<ModelEntry> => current(rowOf(id)),

    /** Adds a folder where it lies. A folder that is already there answers its entry. */
    async addFolder(folder: string, name?: string): Promise<ModelEntry> {
      const path = await checkedFolder(folder)
      const known = allRows(sql, 'SELECT * FROM models WHERE folder = ?', ModelRow, path)[0]
      if (known) return current(known)
      return insert({ id: newId('model'), name: name ?? basename(path), folder: path, bundled: false })
    },

    /** Adds a copy in the home, moved there from an upload. */
    async addUploaded(folder: string, name: string): Promise<ModelEntry> {
      const id = newId('model')
      await moveFolder(folder, home.model(id))
      return insert({ id, name, folder: home.model(id), bundled: false })
    },

    /** Puts the bundled model in place, or follows its folder to where this installation has it. */
    async setBundled(id: string, name: string, folder: string, isNew: boolean): Promise<void> {
      if (isNew && !rowById(sql, 'models', id, ModelRow)) await insert({ id, name, folder, bundled: true })
      else updateRow(sql, 'models', id, { folder })
    },

    async rename(id: string, name: string): Promise<ModelEntry> {
      if (!updateRow(sql, 'models', id, { name })) throw notFound('model', id)
      changes.say('models', id)
      return current(rowOf(id))
    },

    /** Forgets the model; deletes its files only where they were uploaded into the home. */
    async remove(id: string): Promise<void> {
      const { folder } = rowOf(id)
      deleteRow(sql, 'models', id)
      changes.say('models', id)
      if (folder === home.model(id)) await rm(folder, { recursive: true, force: true })
    },

    async recommendations(id: string): Promise<ModelRecommendations> {
      const { folder, facts } = rowOf(id)
      return readRecommendations(facts.base ?? folder)
    },
  }
}

/** The folder's absolute path. @throws StudioFailure UNREADABLE where there is no such folder. */
async function checkedFolder(folder: string): Promise<string> {
  const path = isAbsolute(folder) ? resolve(folder) : resolve(process.cwd(), folder)
  const found = await stat(path).catch(() => null)
  if (!found) throw unreadable(path, `There is no folder ${path}. Check the path.`)
  if (!found.isDirectory())
    throw unreadable(path, `${path} is a file. Choose the folder that holds config.json and the weights.`)
  return path
}

/** Renames, or copies where the two places are on different disks. A copy that a crash cut short is swept later. */
async function moveFolder(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EXDEV') throw failure
    await cp(from, to, { recursive: true })
    await rm(from, { recursive: true, force: true })
  }
}
