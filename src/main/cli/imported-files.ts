/**
 * Remembers which data set came from which file, so that training twice on a file imports it once. The list lies
 * in the data folder's cache: losing it costs an import and nothing else.
 */
import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { makeFolder, writeTextWhole } from '../engine/files/whole'

const ImportedFile = z.object({
  path: z.string(),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  datasetId: z.string(),
})
const ImportedFiles = z.array(ImportedFile)
const kept = 500

const listIn = (home: string) => join(home, 'cache', 'imported-files.json')

/** The data set that was imported from the file as it is now, by id. */
export async function importedFrom(home: string, path: string): Promise<string | undefined> {
  const now = await stat(path)
  const same = (await read(home)).find((file) => file.path === path)
  return same && same.sizeBytes === now.size && same.modifiedMs === now.mtimeMs ? same.datasetId : undefined
}

/** @param looked the file as it was before it was read, so that a change in the meantime is noticed */
export async function rememberImport(
  home: string,
  path: string,
  looked: { size: number; mtimeMs: number },
  datasetId: string,
) {
  const others = (await read(home)).filter((file) => file.path !== path)
  const added = { path, sizeBytes: looked.size, modifiedMs: looked.mtimeMs, datasetId }
  await makeFolder(dirname(listIn(home)))
  await writeTextWhole(listIn(home), JSON.stringify([added, ...others].slice(0, kept)))
}

/** A list that is missing or broken is an empty one. */
async function read(home: string): Promise<z.infer<typeof ImportedFiles>> {
  try {
    return ImportedFiles.parse(JSON.parse(await readFile(listIn(home), 'utf8')))
  } catch {
    return []
  }
}
