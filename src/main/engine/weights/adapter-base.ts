/** Finding the model that an adapter stands over, which its folder only names. */
import { stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { EngineError } from '../protocol'

/** A model that an adapter may mean by its name. */
export type NamedFolder = { name: string; folder: string }

/** Whether a folder holds an adapter without its model. */
export const holdsAdapter = async (folder: string): Promise<boolean> =>
  (await isFile(join(folder, 'adapter_config.json'))) && !(await isFile(join(folder, 'config.json')))

/**
 * The folder of an adapter's base: `base_model_name_or_path` as a path, from the adapter's folder if it is relative, or
 * as the name of one of the known models. A name on the hub (`owner/name`) means a model called `name` too.
 * @throws EngineError `bad_model` where there is none
 */
export async function baseFolderOf(
  folder: string,
  named: string | null,
  known: readonly NamedFolder[],
): Promise<string> {
  if (!named)
    throw new EngineError(
      'bad_model',
      `${join(folder, 'adapter_config.json')}: base_model_name_or_path is missing, so the model that the adapter belongs to is not known. Write the path of its folder there.`,
    )
  const path = resolve(folder, named)
  if (await isFile(join(path, 'config.json'))) return path
  const names = [named, basename(named)].map((name) => name.toLowerCase())
  const meant = names.map((name) => known.find((model) => model.name.toLowerCase() === name)).find(Boolean)
  if (meant) return meant.folder
  throw new EngineError(
    'bad_model',
    `${folder} holds an adapter over the model "${named}", which is neither a model folder at ${path} nor a model of the catalogue. Add that model under the name ${basename(named)} first.`,
  )
}

const isFile = async (path: string) => (await stat(path).catch(() => null))?.isFile() ?? false
