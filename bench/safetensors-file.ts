/**
 * Writes F32 safetensors files tensor by tensor, so that a model larger than memory's comfort can be made.
 * Source: the format's own description, github.com/huggingface/safetensors: header length (8 bytes, little-endian),
 * JSON header padded with spaces to a multiple of 8, data.
 */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs'

export type Tensor = {
  name: string
  shape: number[] /** One value, called once per element in row-major order. */
  value: () => number
}

const CHUNK = 1 << 20

/** Writes `tensors` to `file`, through a temporary name. */
export function writeSafetensors(file: string, tensors: readonly Tensor[]): void {
  const unfinished = `${file}.unfinished`
  const descriptor = openSync(unfinished, 'w')
  writeSync(descriptor, header(tensors))
  for (const tensor of tensors) writeValues(descriptor, tensor)
  closeSync(descriptor)
  renameSync(unfinished, file)
}

function header(tensors: readonly Tensor[]): Buffer {
  let end = 0
  const entries: Record<string, object> = { __metadata__: { format: 'pt' } }
  for (const tensor of tensors) {
    const start = end
    end += 4 * elements(tensor)
    entries[tensor.name] = { dtype: 'F32', shape: tensor.shape, data_offsets: [start, end] }
  }
  const text = JSON.stringify(entries)
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json])
}

function writeValues(descriptor: number, tensor: Tensor): void {
  const buffer = Buffer.alloc(4 * CHUNK)
  for (let left = elements(tensor); left > 0; left -= CHUNK) {
    const count = Math.min(CHUNK, left)
    for (let i = 0; i < count; i++) buffer.writeFloatLE(tensor.value(), 4 * i)
    writeSync(descriptor, buffer, 0, 4 * count)
  }
}

const elements = (tensor: Tensor) => tensor.shape.reduce((product, size) => product * size, 1)
