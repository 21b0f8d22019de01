/** Data sets: import, look through, measure, map, rename, delete and take that back. */
import type { DatasetStatistics, FileSource, ImportEvent } from '../../shared/contract'
import { EngineError } from '../engine/protocol'
import { runJob } from '../jobs/run-job'
import { conflict, jobFailed, unreadable } from '../library/failure'
import { endOf, type StudioContext } from './context'
import { filesOf, usableModel } from './model-files'
import { procedures } from './procedures'

export function datasetProcedures(context: StudioContext) {
  const { datasets, runs } = context.library
  const os = procedures.datasets
  return {
    list: os.list.handler(() => datasets.list()),
    import: os.import.handler(({ input, signal }) =>
      importFile(context, input.source, input.name, endOf(context, signal)),
    ),
    rows: os.rows.handler(({ input: { id, offset, limit } }) => datasets.rows(id, offset, limit)),
    statistics: os.statistics.handler(({ input, signal }) => measure(context, input, endOf(context, signal))),
    rename: os.rename.handler(({ input }) => datasets.rename(input.id, input.name)),
    setMapping: os.setMapping.handler(({ input }) => datasets.setMapping(input.id, input.mapping)),

    remove: os.remove.handler(({ input: { id } }) => {
      const { file } = datasets.rowsFile(id)
      const user = runs.unfinished().find(({ spec }) => spec.train.file === file || spec.validation?.file === file)
      if (user)
        throw conflict(
          'data set',
          id,
          `The run "${user.name}" uses this data set: stop it before deleting the data set.`,
        )
      datasets.remove(id)
      return {}
    }),

    restore: os.restore.handler(({ input }) => datasets.restore(input.id)),
  }
}

async function* importFile(
  { library, uploads }: StudioContext,
  source: FileSource,
  name: string | undefined,
  signal?: AbortSignal,
): AsyncGenerator<ImportEvent> {
  const file = await uploads.locate(source)
  try {
    yield* library.datasets.import(file.path, { name }, signal)
  } catch (failure) {
    throw isBadData(failure) ? unreadable(file.path, failure.message, lineIn(failure.message)) : failure
  }
  await uploads.discard(source)
}

const isBadData = (failure: unknown): failure is EngineError =>
  failure instanceof EngineError && failure.code === 'bad_data'

/** The readers of data sets begin with the place: "Line 3 of facts.jsonl …". */
function lineIn(sentence: string): number | null {
  const line = /^Line (\d+) of /.exec(sentence)
  return line && Number(line[1])
}

/** Measures in a process of its own, once for each model, length and mapping. */
async function measure(
  { library, engine }: StudioContext,
  { id, modelId, maxLength }: { id: string; modelId: string; maxLength: number },
  signal?: AbortSignal,
): Promise<DatasetStatistics> {
  const { datasets } = library
  const { format, columns } = datasets.get(id)
  const known = datasets.statistics(id, modelId, maxLength)
  if (known) return known
  const { folder } = filesOf(await usableModel(library, modelId))
  const spec = { model: { folder, adapter: null }, rows: datasets.rowsFile(id), format, columns, maxLength }
  for await (const { statistics } of runJob(engine, { kind: 'inspect', spec }, { signal })) {
    datasets.keepStatistics(id, modelId, maxLength, statistics)
    return statistics
  }
  throw jobFailed('crashed', 'The engine ended without an answer: try again.')
}
