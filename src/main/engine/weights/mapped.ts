/**
 * A checkpoint's weights as F32 files that ONNX Runtime maps into memory as external data, without a copy through
 * JavaScript. ONNX Runtime refuses `../` and symbolic links, so all files lie in one folder of the cache: an F32 file
 * is hard-linked into it (copied where linking fails), any other is converted once, tensor by tensor.
 *
 * A cache folder's name follows from the identity of the source files. It is built under another name and renamed, so
 * neither a second process nor a kill in the middle can leave half of one behind.
 */
import { createHash } from 'node:crypto'
import { constants, copyFile, link, mkdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { isRecord, readJsonIfThere } from '../files/json'
import { asDiskError, discard, makeFolder, temporaryName, writeTextWhole } from '../files/whole'
import { EngineError } from '../protocol'
import type { Checkpoint } from './checkpoint'
import { isFloat, isOtherFloat } from './dtypes'
import { readFloat32, readHeader, type SafetensorsFile, type TensorEntry } from './safetensors'
import { writeSafetensors } from './safetensors-writer'
import { pruneCache } from './weight-cache'

type MappedTensor = {
  name: string
  shape: number[]
  /** Plain name of a file in the prepared folder. */
  file: string
  /** Of the first byte, from the file's start; a multiple of 4. */
  offset: number
  byteLength: number
}

export type PreparedWeights = {
  /** Absolute path of the folder that holds all the files, and may hold the ONNX model beside them. */
  folder: string
  /** Every floating point tensor of the checkpoint, as F32. Integer and boolean ones (stored masks) are left out. */
  tensors: Map<string, MappedTensor>
}

const manifestName = 'prepared.json'

/** Another form of some tensors (quantized), prepared in the same folder in place of their F32 copies. */
export type OtherForm = {
  /** What tells this folder from others of the same checkpoint. */
  identity: string
  /** The tensors that need no copy in F32. Where a file is linked whole, it holds them all the same. */
  tensors: ReadonlySet<string>
  /** Writes files into a folder. @returns their plain names */
  write(folder: string): Promise<readonly string[]>
}

/**
 * Finds or makes the F32 files of a checkpoint in `cacheDir`.
 * @throws EngineError `bad_model` for float types that do not widen to F32 exactly, `disk` when the cache cannot be written.
 */
export async function prepareFloat32(
  checkpoint: Checkpoint,
  cacheDir: string,
  other: OtherForm | null = null,
): Promise<PreparedWeights> {
  refuseOtherFloats(checkpoint)
  const cache = join(cacheDir, 'weights')
  const folder = join(cache, identityOf(checkpoint.files, other))
  await makeFolder(cache)
  const prepared = (await findPrepared(folder, checkpoint.files)) ?? (await build(folder, checkpoint.files, other))
  await utimes(folder, new Date(), new Date()).catch(() => undefined)
  await pruneCache(cache, basename(folder))
  return prepared
}

function refuseOtherFloats(checkpoint: Checkpoint): void {
  for (const { name, dtype, file } of checkpoint.tensors.values())
    if (isOtherFloat(dtype))
      throw new EngineError('bad_model', `Tensor ${name} in ${file} is ${dtype}: save the model as F32, F16 or BF16.`)
}

/** Changes whenever a source file is replaced, edited or moved. */
function identityOf(files: SafetensorsFile[], other: OtherForm | null): string {
  const hash = createHash('sha256').update(other?.identity ?? '')
  for (const { file, size, modifiedMs, headerSha256 } of files)
    hash.update(JSON.stringify([file, size, modifiedMs, headerSha256]))
  return hash.digest('hex').slice(0, 32)
}

async function build(folder: string, files: SafetensorsFile[], other: OtherForm | null): Promise<PreparedWeights> {
  const temporary = temporaryName(folder)
  try {
    await mkdir(temporary)
    for (const [number, file] of files.entries())
      await placeFile(file, join(temporary, nameOf(number)), other?.tensors ?? new Set())
    const names = [...files.keys()].map(nameOf).concat((await other?.write(temporary)) ?? [])
    await writeTextWhole(join(temporary, manifestName), JSON.stringify(await sizesOf(temporary, names)))
    await takePlace(temporary, folder)
  } catch (error) {
    await discard(temporary)
    throw asDiskError(error, folder)
  }
  const prepared = await findPrepared(folder, files)
  if (!prepared) throw new EngineError('disk', `The weights prepared in ${folder} changed at once. Try again.`)
  return prepared
}

const nameOf = (number: number) => `weights-${number}.safetensors`

/** Renames; where another process was first, its folder is kept and ours goes. A broken folder is replaced. */
async function takePlace(temporary: string, folder: string): Promise<void> {
  for (let attempt = 0; ; attempt++)
    try {
      return await rename(temporary, folder)
    } catch (error) {
      const there = await stat(folder).catch(() => null)
      if (!there || attempt > 0) throw error
      if (await isWhole(folder)) return await discard(temporary)
      await rm(folder, { recursive: true, force: true })
    }
}

async function placeFile(source: SafetensorsFile, target: string, without: ReadonlySet<string>): Promise<void> {
  const floats = source.tensors.filter(({ name, dtype }) => isFloat(dtype) && !without.has(name))
  if (floats.every(({ dtype, offset, make }) => dtype === 'F32' && offset % 4 === 0 && !make))
    return linkOrCopy(source.file, target)
  await writeSafetensors(target, floats.map(widened), source.metadata)
}

const widened = (tensor: TensorEntry) => ({
  name: tensor.name,
  shape: tensor.shape,
  dtype: 'F32' as const,
  data: () => readFloat32(tensor),
})

/** Hard links need one file system, and on some systems the file's owner. */
async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await link(source, target)
  } catch {
    await copyFile(source, target, constants.COPYFILE_FICLONE)
  }
}

/** Sizes in bytes by name. */
const sizesOf = async (folder: string, names: readonly string[]): Promise<Record<string, number>> =>
  Object.fromEntries(await Promise.all(names.map(async (name) => [name, (await stat(join(folder, name))).size])))

/** Whether the folder's files are all there, in the sizes they were written with. */
async function isWhole(folder: string): Promise<boolean> {
  const sizes = await readJsonIfThere(join(folder, manifestName), 'disk').catch(() => null)
  if (!isRecord(sizes)) return false
  const found = await sizesOf(folder, Object.keys(sizes)).catch(() => ({}))
  return JSON.stringify(found) === JSON.stringify(sizes)
}

async function findPrepared(folder: string, files: SafetensorsFile[]): Promise<PreparedWeights | null> {
  if (!(await isWhole(folder))) return null
  const tensors = new Map<string, MappedTensor>()
  for (const number of files.keys()) {
    const header = await readHeader(join(folder, nameOf(number))).catch(() => null)
    if (!header) return null
    for (const { name, dtype, shape, offset, byteLength } of header.tensors)
      if (dtype === 'F32') tensors.set(name, { name, shape, file: nameOf(number), offset, byteLength })
  }
  return { folder, tensors }
}
