/**
 * Exporting a model so that others can load it: its PEFT adapter, or whole safetensors with the adapter merged in. The
 * folder appears whole, with `manifest.json` written last; one that is there is only replaced when asked to be.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { z } from 'zod'
import { ExportManifest } from '../../../shared/contract'
import { checkRoom, exists, openFolder } from '../files/folder'
import { readJsonIfThere } from '../files/json'
import { makeFolder, writeTextWhole } from '../files/whole'
import { EngineError, type ExportJobEvent, type ExportSpec } from '../protocol'
import type { Control } from './control'
import { adapterExport } from './export-adapter'
import { mergedExport } from './export-merged'

type Event = z.infer<typeof ExportJobEvent>

const manifestFile = 'manifest.json'

/**
 * Ends without `done` when it is told to stop; then, as after a failure, nothing is left.
 * @throws EngineError `bad_model`, `bad_arguments`, `disk`
 */
export async function* exportModel(spec: ExportSpec, control: Control): AsyncGenerator<Event> {
  const target = resolve(spec.folder)
  await checkTarget(spec, target)
  const planned = spec.format === 'peft' ? await adapterExport(spec) : await mergedExport(spec)
  await makeFolder(dirname(target))
  await checkRoom(dirname(target), planned.bytesTotal)
  const folder = await openFolder(target)
  try {
    for await (const bytesWritten of planned.write(folder.path)) {
      yield { type: 'progress', bytesWritten, bytesTotal: planned.bytesTotal }
      await control.breathe()
      if (control.stopping) return
    }
    const manifest = await manifestOf(spec, planned.dtype, folder.path, target)
    await writeTextWhole(join(folder.path, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`)
    await folder.finish()
    yield { type: 'done', manifest }
  } finally {
    await folder.discard()
  }
}

/** An export may replace an earlier export, never the model that it reads or a folder of other things. */
async function checkTarget({ overwrite, model }: ExportSpec, target: string): Promise<void> {
  for (const source of [model.folder, model.adapter])
    if (source !== null && isWithin(resolve(source), target))
      throw refused(`${target} holds the model that is exported. Choose another folder.`)
  if (!(await exists(target))) return
  if (!overwrite) throw refused(`${target} is there already. Choose another folder, or allow it to be overwritten.`)
  if (!(await isReplaceable(target)))
    throw refused(`${target} is not an earlier export, so it is not overwritten. Choose another folder, or empty it.`)
}

const isWithin = (path: string, folder: string): boolean => {
  const way = relative(folder, path)
  return way === '' || (!way.startsWith('..') && way !== path)
}

async function isReplaceable(target: string): Promise<boolean> {
  const names = await readdir(target).catch(() => null)
  if (names === null) return false
  if (names.length === 0) return true
  const manifest = await readJsonIfThere(join(target, manifestFile), 'disk').catch(() => null)
  return ExportManifest.safeParse(manifest).success
}

const refused = (sentence: string) => new EngineError('bad_arguments', sentence)

async function manifestOf(
  { format, sourceName }: ExportSpec,
  dtype: ExportManifest['dtype'],
  folder: string,
  target: string,
): Promise<ExportManifest> {
  const files: ExportManifest['files'] = []
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name)
    files.push({ name, sizeBytes: (await stat(path)).size, sha256: await sha256Of(path) })
  }
  return { format, dtype, source: sourceName, files, createdAt: new Date().toISOString(), folder: target }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
