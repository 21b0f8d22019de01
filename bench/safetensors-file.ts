/**
 * Writes safetensors files tensor by tensor, so that a model larger than memory can be made.
 * Source: the format's own description, github.com/huggingface/safetensors: header length (8 bytes, little-endian),
 * JSON header padded with spaces to a multiple of 8, data.
 */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs'

export type Tensor = {
  name: string
  shape: number[] /** One value, called once per element in row-major order. */
  value: () => number
}
export type FloatType = 'F32' | 'BF16'

const CHUNK = 1 << 20
const byteSize: Record<FloatType, number> = { F32: 4, BF16: 2 }

/** Writes `tensors` to `file`, through a temporary name. */
export function writeSafetensors(file: string, tensors: readonly Tensor[], dtype: FloatType): void {
  const unfinished = `${file}.unfinished`
  const descriptor = openSync(unfinished, 'w')
  writeSync(descriptor, header(tensors, dtype))
  for (const tensor of tensors) writeValues(descriptor, tensor, dtype)
  closeSync(descriptor)
  renameSync(unfinished, file)
}

function header(tensors: readonly Tensor[], dtype: FloatType): Buffer {
  let end = 0
  const entries: Record<string, object> = { __metadata__: { format: 'pt' } }
  for (const tensor of tensors) {
    const start = end
    end += byteSize[dtype] * elements(tensor)
    entries[tensor.name] = { dtype, shape: tensor.shape, data_offsets: [start, end] }
  }
  const text = JSON.stringify(entries)
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json])
}

function writeValues(descriptor: number, tensor: Tensor, dtype: FloatType): void {
  const floats = new Float32Array(CHUNK)
  for (let left = elements(tensor); left > 0; left -= CHUNK) {
    const count = Math.min(CHUNK, left)
    for (let i = 0; i < count; i++) floats[i] = tensor.value()
    const chunk = floats.subarray(0, count)
    writeSync(descriptor, bytesOf(dtype === 'F32' ? chunk : upperHalves(chunk)))
  }
}

/** bfloat16 is the upper half of a float32, rounded towards zero here: the values are random anyway. */
function upperHalves(floats: Float32Array): Uint16Array {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length)
  const halves = new Uint16Array(bits.length)
  for (let i = 0; i < bits.length; i++) halves[i] = bits[i]! >>> 16
  return halves
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array) =>
  new Uint8Array(buffer, byteOffset, byteLength)

const elements = (tensor: Tensor) => tensor.shape.reduce((product, size) => product * size, 1)
