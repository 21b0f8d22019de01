/**
 * Writing safetensors files tensor by tensor, so that a file of any size needs the memory of one tensor. The header is
 * padded with spaces until the data begins at a multiple of 64 bytes; tensors are laid out from the widest type to the
 * narrowest, so each is aligned as its type needs without holes.
 * Source: https://huggingface.co/docs/safetensors (format).
 */
import type { FileHandle } from 'node:fs/promises'
import { asDiskError, openWhole } from '../files/whole'
import { type Dtype, dtypeBytes, elementsIn, type FloatDtype } from './dtypes'
import { narrowToBfloat16, narrowToFloat16 } from './floats'

export type TensorLayout = { name: string; dtype: Dtype; shape: readonly number[] }

export type TensorToWrite = {
  name: string
  dtype: FloatDtype
  shape: readonly number[]
  data: () => Promise<Float32Array> | Float32Array
}

/** A safetensors file that is being written: takes its tensors in the order of `layout`. */
export type UnfinishedTensors = {
  /** The tensors in the order in which they must come. */
  layout: readonly TensorLayout[]
  /** The next tensor's values, narrowed to its dtype. */
  writeValues(values: Float32Array): Promise<void>
  /** The next tensor's bytes as they are. */
  writeBytes(bytes: Uint8Array): Promise<void>
  /** Flushes the file and gives it its name. */
  finish(): Promise<void>
  /** Removes the file, unless it was finished. */
  discard(): Promise<void>
}

/**
 * Writes a file whole: temporary name, flush, rename.
 * @throws EngineError `disk`; whatever a tensor's `data` throws. In both cases nothing is left behind.
 */
export async function writeSafetensors(
  file: string,
  entries: Iterable<TensorToWrite> | AsyncIterable<TensorToWrite>,
  metadata: Record<string, string> = { format: 'pt' },
): Promise<void> {
  const byName = new Map<string, TensorToWrite>()
  for await (const entry of entries) byName.set(entry.name, entry)
  const unfinished = await openTensors(file, [...byName.values()], metadata)
  try {
    for (const { name } of unfinished.layout) await unfinished.writeValues(await byName.get(name)!.data())
    await unfinished.finish()
  } finally {
    await unfinished.discard()
  }
}

/** As `writeSafetensors`, for a caller that brings each tensor itself, and discards the file if it does not finish. */
export async function openTensors(
  file: string,
  tensors: readonly TensorLayout[],
  metadata: Record<string, string> = { format: 'pt' },
): Promise<UnfinishedTensors> {
  const layout = widestFirst(tensors)
  const header = headerBytes(layout, metadata)
  const unfinished = await openWhole(file)
  const write = (bytes: Uint8Array) =>
    writeAll(unfinished.handle, bytes).catch(async (error) => {
      await unfinished.discard()
      throw asDiskError(error, file)
    })
  await write(header)
  let next = 0
  const writeBytes = async (bytes: Uint8Array) => {
    const tensor = layout[next++]
    if (!tensor) throw new Error('More tensors came than the layout has.')
    if (bytes.length !== bytesOf([tensor]))
      throw new Error(`Tensor ${tensor.name}: expected ${bytesOf([tensor])} bytes, got ${bytes.length}.`)
    await write(bytes)
  }
  return {
    layout,
    writeBytes,
    writeValues: (values) => writeBytes(narrowed(values, layout[next]?.dtype)),
    async finish() {
      if (next !== layout.length) throw new Error(`Only ${next} of ${layout.length} tensors came.`)
      await unfinished.finish()
    },
    discard: unfinished.discard,
  }
}

export const bytesOf = (tensors: readonly TensorLayout[]): number =>
  tensors.reduce((sum, { dtype, shape }) => sum + dtypeBytes[dtype] * elementsIn(shape), 0)

const widestFirst = (tensors: readonly TensorLayout[]) =>
  [...tensors].sort((a, b) => dtypeBytes[b.dtype] - dtypeBytes[a.dtype])

function headerBytes(layout: readonly TensorLayout[], metadata: Record<string, string>): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let offset = 0
  for (const tensor of layout) {
    if (Object.hasOwn(header, tensor.name)) throw new Error(`Tensor ${tensor.name} comes twice.`)
    const end = offset + bytesOf([tensor])
    header[tensor.name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [offset, end] }
    offset = end
  }
  const json = Buffer.from(JSON.stringify(header), 'utf8')
  const bytes = Buffer.alloc(Math.ceil((8 + json.length) / 64) * 64, ' ')
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8))
  json.copy(bytes, 8)
  return bytes
}

/** Values as bytes of a float type. */
function narrowed(values: Float32Array, dtype: Dtype | undefined): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  if (dtype !== 'F16' && dtype !== 'BF16') throw new Error(`Values cannot be written as ${dtype}.`)
  const bits = new Uint16Array(values.length)
  if (dtype === 'F16') narrowToFloat16(values, bits)
  else narrowToBfloat16(values, bits)
  return new Uint8Array(bits.buffer)
}

const writeAtOnce = 64 * 1024 * 1024

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, Math.min(writeAtOnce, bytes.length - done))
    done += bytesWritten
  }
}
