/** Which files a model reference stands for. */
import type { GivenArguments, ModelEntry, ModelReference, RunEntry } from '../../shared/contract'
import type { ModelFiles } from '../engine/protocol'
import type { Library } from '../library'
import { conflict, invalidArgument, notFound, StudioFailure } from '../library/failure'

/** What the reference is called, its files, and its model's entry in the catalogue. */
export type ResolvedModel = { name: string; files: ModelFiles }

/** @throws StudioFailure NOT_FOUND, UNREADABLE for a model that cannot be used, CONFLICT for a run without checkpoint. */
export async function resolveModel(library: Library, reference: ModelReference): Promise<ResolvedModel> {
  if (reference.kind === 'model') {
    const model = await usableModel(library, reference.id)
    return { name: model.name, files: filesOf(model) }
  }
  const run = library.runs.get(reference.id)
  const checkpoint = checkpointOf(run, reference.step)
  const name = reference.step === null ? run.name : `${run.name} (step ${reference.step})`
  if (run.arguments.method === 'full') return { name, files: { folder: checkpoint, adapter: null } }
  return { name, files: { folder: await baseFolder(library, run), adapter: checkpoint } }
}

/** A model's folder; for an adapter the folder of the model under it, and its own. */
export const filesOf = ({ folder, base }: Pick<ModelEntry, 'folder' | 'base'>): ModelFiles =>
  base === null ? { folder, adapter: null } : { folder: base, adapter: folder }

/**
 * The arguments for training on a model: one that is an adapter is gone on with.
 * @throws StudioFailure INVALID_ARGUMENT where they cannot mean that
 */
export function argumentsOn(model: ModelEntry, given: GivenArguments): GivenArguments {
  const { adapter } = filesOf(model)
  if (adapter === null) return given
  if (given.method === 'full')
    throw invalidArgument(
      'method',
      `"${model.name}" is an adapter, and method full trains whole models: export it merged, and train what comes of it.`,
    )
  if (given.init_adapter)
    throw invalidArgument(
      'init_adapter',
      `"${model.name}" is an adapter itself, so init_adapter cannot name another one: leave one of them out.`,
    )
  return { ...given, init_adapter: adapter }
}

/** The model's entry. @throws StudioFailure UNREADABLE with the folder's problem. */
export async function usableModel(library: Library, id: string) {
  const model = await library.models.get(id)
  if (model.problem !== null) throw new StudioFailure('UNREADABLE', model.problem, { file: model.folder, line: null })
  return model
}

/** The base model's folder now: a bundled one moves with the installation. */
export async function baseFolder(library: Library, run: Pick<RunEntry, 'modelId' | 'modelFolder'>): Promise<string> {
  const models = await library.models.list()
  const model = models.find(({ id }) => id === run.modelId)
  return model ? filesOf(model).folder : run.modelFolder
}

function checkpointOf(run: RunEntry, step: number | null): string {
  const wanted = step ?? run.bestStep
  if (wanted === null)
    throw conflict('run', run.id, `The run "${run.name}" has no checkpoint yet: let it train until it has saved one.`)
  const checkpoint = run.checkpoints.find((one) => one.step === wanted)
  if (!checkpoint) throw notFound('run', `${run.id}@${wanted}`)
  return checkpoint.path
}
