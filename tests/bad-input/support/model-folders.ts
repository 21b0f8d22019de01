/** Copies of the tiny model with one thing broken. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tinyModel } from '../../cli/support/camelot'

export type Json = Record<string, unknown>
type TensorEntry = { dtype: string; shape: number[]; data_offsets: [number, number] }
type Header = Record<string, TensorEntry>

/** @returns the folder of the copy */
export function copyOfModel(folder: string, from = tinyModel): string {
  cpSync(from, folder, { recursive: true })
  return folder
}

/** Puts other values into a JSON file; `undefined` takes one out. */
export function setJson(folder: string, name: string, values: Json | ((json: Json) => Json)): void {
  const file = join(folder, name)
  const json = JSON.parse(readFileSync(file, 'utf8')) as Json
  writeFileSync(file, JSON.stringify({ ...json, ...(typeof values === 'function' ? values(json) : values) }))
}

export function editBytes(folder: string, name: string, edit: (bytes: Buffer) => Uint8Array): void {
  const file = join(folder, name)
  writeFileSync(file, edit(readFileSync(file)))
}

/** Rewrites the header of `model.safetensors`; the tensors' bytes stay what they were. */
export function editHeader(folder: string, edit: (header: Header) => Header): void {
  editBytes(folder, 'model.safetensors', (file) => {
    const length = Number(file.readBigUInt64LE())
    const header = JSON.parse(file.subarray(8, 8 + length).toString('utf8')) as Header
    return withHeader(JSON.stringify(edit(header)), file.subarray(8 + length))
  })
}

/** Puts other values into the entry of one tensor. */
export function setTensor(folder: string, tensor: string, values: Partial<TensorEntry>): void {
  editHeader(folder, (header) => ({ ...header, [tensor]: { ...header[tensor]!, ...values } }))
}

export function withHeader(header: string, data: Uint8Array): Buffer {
  const text = Buffer.from(header)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, data])
}
