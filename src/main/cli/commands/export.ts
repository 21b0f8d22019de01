/** `export`: a model or a run's checkpoint as files that others can load. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { ExportDtype, ExportFormat, ExportManifest } from '../../../shared/contract'
import { defineCommand, type Session } from '../command'
import { exitStatus, Interrupted, UsageError } from '../exit-status'
import { bytes, plural } from '../figures'
import { findModel } from '../find-model'

const later = 'this version writes peft and safetensors'

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Write a model, a run or a checkpoint as files that others can load.',
  options: {
    model: {
      schema: z.string().min(1),
      positional: true,
      help: 'A run, run@step, a name or id from the catalogue, or a folder.',
    },
    format: {
      schema: ExportFormat,
      placeholder: 'peft|safetensors',
      help: 'An adapter alone, or whole weights with the adapter merged in.',
      notYet: { gguf: later, onnx: later },
    },
    output: { schema: z.string().min(1), placeholder: 'DIR', help: 'The folder to write.' },
    quantization: {
      schema: ExportDtype.optional(),
      help: 'Type of merged weights; the base’s own where it is left out.',
    },
    overwrite: { schema: z.boolean().default(false), otherwise: 'false', help: 'Replace what is there.' },
  },
  async run({ model, format, output, quantization, overwrite }, session) {
    if (format === 'peft' && quantization !== undefined)
      throw new UsageError('--quantization is for --format safetensors; an adapter is written as it was trained.')
    const source = await findModel(model, session)
    const folder = await write(
      { source, format, dtype: quantization ?? null, folder: resolve(session.workingFolder, output), overwrite },
      session,
    )
    session.terminal.endProgress()
    const manifest = ExportManifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
    const sizeBytes = manifest.files.reduce((sum, file) => sum + file.sizeBytes, 0)
    session.terminal.result(manifest, (paint) => [
      `${paint.good('Wrote')} ${plural(manifest.files.length, 'file')}, ${bytes(sizeBytes)}, to ${folder}`,
    ])
    return exitStatus.done
  },
})

type ExportRequest = Parameters<Awaited<ReturnType<Session['studio']>>['client']['exports']['start']>[0]

/** @returns the folder that was written */
async function write(request: ExportRequest, { studio, interruption, terminal }: Session): Promise<string> {
  const { client } = await studio()
  for await (const event of await client.exports.start(request, { signal: interruption.signal })) {
    if (interruption.asked) break
    if (event.type === 'done') return event.export.folder
    const figures = [`${bytes(event.bytesWritten)} of ${bytes(event.bytesTotal)}`]
    terminal.progress({ done: event.bytesWritten, total: event.bytesTotal, label: 'writing', figures })
  }
  throw new Interrupted()
}
