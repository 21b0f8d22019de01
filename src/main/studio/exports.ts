/** Exports: a PEFT adapter or merged safetensors, to a folder of the person's or to be downloaded. */
import { resolve } from 'node:path'
import type { ExportEntry, ExportEvent } from '../../shared/contract'
import type { ExportSpec } from '../engine/protocol'
import { runJob } from '../jobs/run-job'
import { invalidArgument } from '../library/failure'
import { newId } from '../library/home'
import { endOf, type StudioContext } from './context'
import { resolveModel } from './model-files'
import { procedures } from './procedures'

export function exportProcedures(context: StudioContext) {
  const { library } = context
  const os = procedures.exports
  return {
    list: os.list.handler(() => library.exports.list()),

    start: os.start.handler(async ({ input, signal }) => {
      const { name, files } = await resolveModel(library, input.source)
      if (input.format === 'peft' && files.adapter === null)
        throw invalidArgument('format', `"${name}" is a whole model and has no adapter: export it as safetensors.`)
      const id = newId('export')
      const folder = input.folder === null ? library.home.export(id) : resolve(input.folder)
      const { format, dtype, overwrite } = input
      const spec: ExportSpec = { model: files, format, dtype, folder, overwrite, sourceName: name }
      const entry = { id, source: input.source, sourceName: name, downloadable: input.folder === null }
      return runExport(context, spec, entry, endOf(context, signal))
    }),

    remove: os.remove.handler(async ({ input }) => {
      await library.exports.remove(input.id)
      return {}
    }),
  }
}

async function* runExport(
  { library, engine }: StudioContext,
  spec: ExportSpec,
  entry: Pick<ExportEntry, 'id' | 'source' | 'sourceName' | 'downloadable'>,
  signal?: AbortSignal,
): AsyncGenerator<ExportEvent> {
  for await (const event of runJob(engine, { kind: 'export', spec }, { signal })) {
    if (event.type === 'progress') {
      yield event
      continue
    }
    const { format, dtype, files, createdAt, folder } = event.manifest
    const sizeBytes = files.reduce((total, file) => total + file.sizeBytes, 0)
    yield { type: 'done', export: library.exports.add({ ...entry, format, dtype, folder, sizeBytes, createdAt }) }
  }
}
