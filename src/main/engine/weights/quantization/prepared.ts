/**
 * Linear layers' matrices in few bits, written once beside the prepared weights. They are read and quantized a slice at
 * a time, so that no more of the model than one matrix is ever in memory.
 *
 * `codes.safetensors` and `scales.safetensors` hold, under a layer's path:
 *   4 bits   packed [bytes, whole blocks], absmax [blocks]
 *   double   packed; absmax [bytes, whole blocks of 256], nested_absmax, nested_offset [1], nested_map [256]
 *   8 bits   codes [inputs, outputs], scales [outputs]
 */
import { join } from 'node:path'
import type { Checkpoint } from '../checkpoint'
import { type PreparedWeights, prepareFloat32 } from '../mapped'
import { readFloat32, readHeader, type TensorEntry } from '../safetensors'
import { openTensors, type TensorLayout } from '../safetensors-writer'
import type { FourBitType } from './codes'
import { fourBitBlock, fourBitQuantizer } from './four-bit'
import { int8Quantizer, quantizeInt8Columns } from './int8'
import { nestedBlock, quantizeNested } from './nested'
import { readStored, type StoredFourBit } from './stored'
import { turned } from './turned'

export type Scheme =
  | { type: FourBitType; double: boolean }
  /** uint8 stores code + 128. */
  | { type: 'int8'; dtype: 'int8' | 'uint8' }

export type LayerToQuantize = {
  path: string
  inputs: number
  outputs: number
  /** Whether the checkpoint has the matrix as [inputs, outputs] or [outputs, inputs]. */
  stored: 'in-out' | 'out-in'
  entry: TensorEntry
  /** The matrix as the checkpoint has it in 4 bits, [outputs, inputs]. */
  fourBit: StoredFourBit | null
}

export type QuantizedWeights = {
  weights: PreparedWeights
  /** A part by the layer's path and the part's name, `transformer.h.0.attn.c_attn/packed`; `file` is a plain name. */
  parts: ReadonlyMap<string, TensorEntry>
  /** The values of a part. */
  read(part: string): Promise<Float32Array>
}

/**
 * Finds or makes the quantized weights of a checkpoint. A layer that the checkpoint has in 4 bits keeps its bytes under
 * a scheme of 4 bits, whatever its type.
 * @throws EngineError `bad_model`, `disk`
 */
export async function prepareQuantized(
  checkpoint: Checkpoint,
  cacheDir: string,
  layers: readonly LayerToQuantize[],
  scheme: Scheme,
): Promise<QuantizedWeights> {
  const plans = await Promise.all(layers.map((layer) => planOf(layer, scheme)))
  const weights = await prepareFloat32(checkpoint, cacheDir, {
    identity: JSON.stringify([formatVersion, scheme, layers.map(({ path, stored }) => [path, stored])]),
    tensors: new Set(layers.map(({ entry }) => entry.name)),
    write: (folder) => writePlans(folder, plans),
  })
  const places = new Map<string, TensorEntry>()
  const files = new Map<string, TensorEntry>()
  for (const name of fileNames)
    for (const entry of (await readHeader(join(weights.folder, name))).tensors) {
      files.set(entry.name, entry)
      places.set(entry.name, { ...entry, file: name })
    }
  return { weights, parts: places, read: (part) => readFloat32(files.get(part)!) }
}

/** To be raised when the files' layout changes. */
const formatVersion = 1
const fileNames = ['codes.safetensors', 'scales.safetensors'] as const

type Part = TensorLayout & { file: (typeof fileNames)[number] }
type Bytes = Uint8Array | Float32Array
/** A layer's parts, and how to make them: in the same order. */
type Plan = { parts: readonly Part[]; make: () => Promise<readonly Bytes[]> }

async function writePlans(folder: string, plans: readonly Plan[]): Promise<readonly string[]> {
  const parts = plans.flatMap((plan) => plan.parts)
  const open = (name: string) =>
    openTensors(
      join(folder, name),
      parts.filter(({ file }) => file === name),
    )
  const files = { [fileNames[0]]: await open(fileNames[0]), [fileNames[1]]: await open(fileNames[1]) }
  try {
    for (const { parts, make } of plans)
      for (const [i, data] of (await make()).entries())
        await files[parts[i]!.file]!.writeBytes(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    for (const file of Object.values(files)) await file.finish()
  } finally {
    for (const file of Object.values(files)) await file.discard()
  }
  return fileNames
}

async function planOf(layer: LayerToQuantize, scheme: Scheme): Promise<Plan> {
  if (scheme.type === 'int8') return int8Plan(layer, scheme.dtype)
  if (layer.fourBit) return storedPlan(layer, layer.fourBit)
  return fourBitPlan(layer, scheme)
}

const code = (name: string, ...shape: number[]): Part => ({ name, file: fileNames[0], dtype: 'U8', shape })
const float = (name: string, ...shape: number[]): Part => ({ name, file: fileNames[1], dtype: 'F32', shape })
const upTo = (multiple: number, count: number) => Math.ceil(count / multiple) * multiple

/** The bytes, and zeros up to `length`. */
function filled(bytes: Uint8Array, length: number): Uint8Array {
  const whole = new Uint8Array(length)
  whole.set(bytes)
  return whole
}

function fourBitParts(path: string, count: number, block: number, nested: number | null): Part[] {
  const blocks = Math.ceil(count / block)
  const packed = code(`${path}/packed`, (blocks * block) / 2)
  if (nested === null) return [packed, float(`${path}/absmax`, blocks)]
  return [
    packed,
    code(`${path}/absmax`, upTo(nested, blocks)),
    float(`${path}/nested_absmax`, Math.ceil(blocks / nested)),
    float(`${path}/nested_offset`, 1),
    float(`${path}/nested_map`, 256),
  ]
}

function fourBitPlan(layer: LayerToQuantize, { type, double }: { type: FourBitType; double: boolean }): Plan {
  const { path, inputs, outputs } = layer
  const parts = fourBitParts(path, inputs * outputs, fourBitBlock, double ? nestedBlock : null)
  return {
    parts,
    async make() {
      const quantizer = fourBitQuantizer(type, inputs * outputs)
      for await (const slice of rowsOf(layer)) quantizer.add(slice)
      const { packed, absmax } = quantizer.result()
      const whole = filled(packed, parts[0]!.shape[0]!)
      if (!double) return [whole, absmax]
      const nested = quantizeNested(absmax)
      const bytes = filled(nested.bytes, parts[1]!.shape[0]!)
      return [whole, bytes, nested.absmax, Float32Array.of(nested.offset), nested.map]
    },
  }
}

/** A layer that the checkpoint has in 4 bits. */
function storedPlan({ path, inputs, outputs }: LayerToQuantize, stored: StoredFourBit): Plan {
  const parts = fourBitParts(path, inputs * outputs, stored.block, stored.nested?.block ?? null)
  return {
    parts,
    async make() {
      const { packed, absmax } = await readStored(stored)
      const whole = filled(packed, parts[0]!.shape[0]!)
      if (absmax instanceof Float32Array) return [whole, absmax]
      const bytes = filled(absmax.bytes, parts[1]!.shape[0]!)
      return [whole, bytes, absmax.absmax, Float32Array.of(absmax.offset), absmax.map]
    },
  }
}

function int8Plan(layer: LayerToQuantize, dtype: 'int8' | 'uint8'): Plan {
  const { path, inputs, outputs, entry } = layer
  const shape = { inputs, outputs, zero: dtype === 'uint8' ? 128 : 0 } as const
  return {
    parts: [
      { ...code(`${path}/codes`, inputs, outputs), dtype: dtype === 'uint8' ? 'U8' : 'I8' },
      float(`${path}/scales`, outputs),
    ],
    async make() {
      if (layer.stored === 'in-out') {
        const { codes, scales } = quantizeInt8Columns(await readFloat32(entry), shape)
        return [codes, scales]
      }
      const quantizer = int8Quantizer(shape)
      for await (const slice of rowsOf(layer)) quantizer.add(slice)
      const { codes, scales } = quantizer.result()
      return [codes, scales]
    },
  }
}

/** Values read at once, about. */
const sliceSize = 2 ** 22

/**
 * The matrix [outputs, inputs] in slices of whole rows and of whole blocks. A matrix stored the other way round is turned
 * first, as transformers turns it before bitsandbytes sees it, and comes in one slice.
 */
async function* rowsOf({ inputs, outputs, stored, entry }: LayerToQuantize): AsyncGenerator<Float32Array> {
  if (stored === 'in-out') return yield turned(await readFloat32(entry), inputs, outputs)
  const rows = upTo(fourBitBlock, Math.ceil(sliceSize / inputs))
  for (let row = 0; row < outputs; row += rows)
    yield await readFloat32(entry, row * inputs, Math.min(rows, outputs - row) * inputs)
}
