/**
 * Reading safetensors files: an 8-byte little-endian length, a JSON header of that length, then the tensors' bytes.
 * As strict as the reference: tensors fill the rest of the file exactly, without overlaps or holes.
 * Source: https://huggingface.co/docs/safetensors (format).
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { isMissing, isRecord, parseJson, reasonOf } from '../files/json'
import { EngineError } from '../protocol'
import { type Dtype, dtypeBytes, elementsIn, isDtype } from './dtypes'
import { widenBfloat16, widenFloat16 } from './floats'

export type TensorEntry = {
  name: string
  dtype: Dtype
  shape: number[]
  /** Absolute path of the real file (symbolic links followed). */
  file: string
  /** Of the first byte, from the file's start. */
  offset: number
  byteLength: number
  /** Makes the values of an F32 tensor that the file holds in another form (in 4 bits). */
  make?: () => Promise<Float32Array<ArrayBuffer>>
}

export type SafetensorsFile = {
  file: string
  size: number
  modifiedMs: number
  /** SHA-256 of the header's bytes: with size and time, the file's identity. */
  headerSha256: string
  metadata: Record<string, string>
  /** In the order of their bytes. */
  tensors: TensorEntry[]
}

const longestHeader = 100_000_000
const readAtOnce = 64 * 1024 * 1024

/**
 * The header of one safetensors file, checked in full against the file's size.
 * @throws EngineError `bad_model`
 */
export async function readHeader(file: string): Promise<SafetensorsFile> {
  const handle = await openToRead(file)
  try {
    const { size, mtimeMs } = await handle.stat()
    const length = await headerLength(handle, file, size)
    const bytes = Buffer.alloc(length)
    await readExactly(handle, bytes, 8, file)
    const real = await realpath(file)
    const { tensors, metadata } = parseHeader(bytes, real, 8 + length)
    checkCoverage(tensors, real, 8 + length, size)
    const headerSha256 = createHash('sha256').update(bytes).digest('hex')
    return { file: real, size, modifiedMs: mtimeMs, headerSha256, metadata, tensors }
  } finally {
    await handle.close()
  }
}

/**
 * A tensor's values, widened to F32: all of them, or `count` from the one numbered `first`.
 * @throws EngineError `bad_model` for other types or a file that shrank.
 */
export async function readFloat32(entry: TensorEntry, first = 0, count = elementsIn(entry.shape) - first) {
  if (entry.make) return (await entry.make()).slice(first, first + count)
  const width = dtypeBytes[entry.dtype]
  const bytes = await readPart(entry, first * width, count * width)
  if (entry.dtype === 'F32') return new Float32Array(bytes.buffer)
  if (entry.dtype !== 'F16' && entry.dtype !== 'BF16')
    throw new EngineError(
      'bad_model',
      `Tensor ${entry.name} in ${entry.file} is ${entry.dtype}: expected F32, F16 or BF16.`,
    )
  const values = new Float32Array(count)
  const widen = entry.dtype === 'F16' ? widenFloat16 : widenBfloat16
  widen(new Uint16Array(bytes.buffer), values)
  return values
}

/** A tensor's bytes in its dtype. */
export async function readBytes(entry: TensorEntry): Promise<Uint8Array<ArrayBuffer>> {
  return entry.make ? new Uint8Array((await entry.make()).buffer) : readPart(entry, 0, entry.byteLength)
}

async function readPart(entry: TensorEntry, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const handle = await openToRead(entry.file)
  try {
    const bytes = new Uint8Array(length)
    await readExactly(handle, bytes, entry.offset + from, entry.file)
    return bytes
  } finally {
    await handle.close()
  }
}

async function openToRead(file: string): Promise<FileHandle> {
  try {
    return await open(file, 'r')
  } catch (error) {
    throw bad(file, isMissing(error) ? 'is missing' : `cannot be opened: ${reasonOf(error)}`)
  }
}

async function readExactly(handle: FileHandle, into: Uint8Array, position: number, file: string): Promise<void> {
  for (let done = 0; done < into.length; ) {
    const length = Math.min(readAtOnce, into.length - done)
    const { bytesRead } = await handle.read(into, done, length, position + done).catch((error) => {
      throw bad(file, `cannot be read: ${reasonOf(error)}`)
    })
    if (bytesRead === 0) throw bad(file, `ends at byte ${position + done}, before all it should hold. ${again}`)
    done += bytesRead
  }
}

async function headerLength(handle: FileHandle, file: string, size: number): Promise<number> {
  if (size < 8) throw bad(file, `is ${size} bytes long: too short for a safetensors file. ${again}`)
  const prefix = Buffer.alloc(8)
  await readExactly(handle, prefix, 0, file)
  const length = prefix.readBigUInt64LE()
  if (length > longestHeader || length < 2n)
    throw bad(file, `is not a safetensors file: its first 8 bytes would mean a header of ${length} bytes`)
  if (8n + length > size)
    throw bad(file, `is cut off: its header should be ${length} bytes long, the whole file has ${size}. ${again}`)
  return Number(length)
}

function parseHeader(bytes: Buffer, file: string, dataStart: number) {
  const header = parseJson(decodeUtf8(bytes, file), `The header of ${file}`, 'bad_model')
  if (!isRecord(header)) throw bad(file, 'has a header that is not a JSON object')
  const { __metadata__: metadata = {}, ...described } = header
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string'))
    throw bad(file, 'has a __metadata__ that is not an object of texts')
  const tensors = Object.entries(described).map(([name, value]) => parseEntry(name, value, file, dataStart))
  tensors.sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength)
  return { tensors, metadata: metadata as Record<string, string> }
}

function decodeUtf8(bytes: Buffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw bad(file, 'has a header that is not UTF-8 text')
  }
}

function parseEntry(name: string, value: unknown, file: string, dataStart: number): TensorEntry {
  const fail = (what: string) => bad(file, `describes tensor ${name} wrongly: ${what}`)
  if (!isRecord(value)) throw fail('not an object')
  const { dtype, shape, data_offsets: offsets } = value
  if (!isDtype(dtype)) throw fail(`the dtype ${JSON.stringify(dtype)} is not known`)
  if (!isCounts(shape)) throw fail(`the shape ${JSON.stringify(shape)} is not a list of sizes`)
  if (!isCounts(offsets) || offsets.length !== 2) throw fail(`data_offsets are ${JSON.stringify(offsets)}`)
  const [begin, end] = offsets as [number, number]
  const expected = elementsIn(shape) * dtypeBytes[dtype]
  if (end - begin !== expected)
    throw fail(`shape [${shape.join(', ')}] of ${dtype} takes ${expected} bytes, its offsets span ${end - begin}`)
  return { name, dtype, shape, file, offset: dataStart + begin, byteLength: expected }
}

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0)

/** Tensors must follow each other from the first byte after the header to the file's last. */
function checkCoverage(tensors: TensorEntry[], file: string, dataStart: number, size: number): void {
  let end = dataStart
  for (const tensor of tensors) {
    if (tensor.offset < end) throw bad(file, `has tensors that overlap: ${tensor.name} begins inside the one before it`)
    if (tensor.offset > end) throw bad(file, `has a hole of ${tensor.offset - end} bytes before tensor ${tensor.name}`)
    end = tensor.offset + tensor.byteLength
  }
  if (end > size) throw bad(file, `is cut off: its tensors need ${end} bytes, the file has ${size}. ${again}`)
  if (end < size) throw bad(file, `has ${size - end} bytes after its last tensor, which belong to nothing`)
}

const again = 'Copy or download it again'
const bad = (file: string, what: string) => new EngineError('bad_model', `${file} ${what}.`)
