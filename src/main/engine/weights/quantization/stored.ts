/**
 * Tensors that a checkpoint has in 4 bits, as bitsandbytes saves them: `X.weight` (packed bytes), `X.weight.absmax`,
 * `.quant_map`, `.quant_state.bitsandbytes__nf4` (JSON), and for double quantization `.nested_absmax`,
 * `.nested_quant_map`. The rest of the engine sees one tensor `X.weight` of its own shape.
 * Source: bitsandbytes 0.50, `QuantState.as_dict`; transformers, `BitsAndBytesConfig`.
 */
import { z } from 'zod'
import { isRecord, parseJson } from '../../files/json'
import { EngineError } from '../../protocol'
import { elementsIn } from '../dtypes'
import { readBytes, readFloat32, type TensorEntry } from '../safetensors'
import { type FourBitType, typeOfValues } from './codes'
import { dequantizeFourBit } from './four-bit'
import { dequantizeNested, type Nested } from './nested'
import { turned } from './turned'

export type StoredFourBit = {
  type: FourBitType
  /** Values in a block. */
  block: number
  packed: TensorEntry
  absmax: TensorEntry
  nested: { block: number; offset: number; absmax: TensorEntry; map: TensorEntry } | null
  /** Whether what is packed is the transposed tensor. */
  transposed: boolean
}

/** What a checkpoint's `config.json` says of its weights: nothing, or 4 bits by bitsandbytes. @throws EngineError `bad_model` */
export function storesFourBit(config: unknown, file: string): boolean {
  const given = isRecord(config) ? config.quantization_config : undefined
  if (given === undefined || given === null) return false
  const found = isRecord(given) ? given : {}
  const method = found.quant_method
  if (method !== 'bitsandbytes')
    throw new EngineError(
      'bad_model',
      `${file}: quantization_config.quant_method is ${JSON.stringify(method)}; expected bitsandbytes, the only one whose weights this engine reads. Take the model that was not quantized, and let base_quantization do it.`,
    )
  if (found.load_in_4bit !== true && found._load_in_4bit !== true)
    throw new EngineError(
      'bad_model',
      `${file}: quantization_config.load_in_4bit is ${JSON.stringify(found.load_in_4bit)}; expected true, since of bitsandbytes' forms this engine reads the one in 4 bits. Take the model that was not quantized, and let base_quantization do it.`,
    )
  return true
}

const stateMark = '.quant_state.bitsandbytes__'
const State = z.object({
  quant_type: z.enum(['nf4', 'fp4']),
  blocksize: z.number().int().min(2).multipleOf(2),
  shape: z.array(z.number().int().min(1)).length(2),
  nested_blocksize: z.number().int().min(1).optional(),
  nested_offset: z.number().optional(),
})

export type WithFourBit = { tensors: TensorEntry[]; fourBit: Map<string, StoredFourBit> }

/**
 * The tensors as the model sees them, and those among them that are held in 4 bits. `turns` says whether a tensor was
 * transposed before it was packed.
 * @throws EngineError `bad_model` naming file, tensor, what was expected and found
 */
export async function withFourBit(
  tensors: readonly TensorEntry[],
  turns: (name: string) => boolean,
): Promise<WithFourBit> {
  const byName = new Map(tensors.map((entry) => [entry.name, entry]))
  const logical = new Map<string, TensorEntry>()
  const fourBit = new Map<string, StoredFourBit>()
  for (const state of tensors) {
    const name = state.name.split(stateMark)[0]!
    if (name === state.name) continue
    const { stored, shape } = await storedTensor(name, state, byName, turns(name))
    fourBit.set(name, stored)
    logical.set(name, { ...stored.packed, ...asFloats(stored, shape) })
  }
  const isCompanion = ({ name }: TensorEntry) => [...weightsOf(name)].some((weight) => logical.has(weight))
  return {
    tensors: tensors.filter((entry) => !isCompanion(entry)).map((entry) => logical.get(entry.name) ?? entry),
    fourBit,
  }
}

const asFloats = (stored: StoredFourBit, shape: number[]) => ({
  dtype: 'F32' as const,
  shape,
  byteLength: 4 * elementsIn(shape),
  make: () => dequantizeStored(stored, shape),
})

/** The weight that a tensor's name would make it a companion of. */
function* weightsOf(name: string) {
  for (const end of ['.absmax', '.quant_map', '.nested_absmax', '.nested_quant_map'])
    if (name.endsWith(end)) yield name.slice(0, -end.length)
  if (name.includes(stateMark)) yield name.split(stateMark)[0]!
}

async function storedTensor(
  name: string,
  stateEntry: TensorEntry,
  byName: ReadonlyMap<string, TensorEntry>,
  transposed: boolean,
): Promise<{ stored: StoredFourBit; shape: number[] }> {
  const { shape, blocksize: block, nested_offset: offset, nested_blocksize } = await readState(stateEntry)
  const count = elementsIn(shape)
  const blocks = Math.ceil(count / block)
  const part = (end: string, dtype: TensorEntry['dtype'], length: number) =>
    partOf(byName, `${name}${end}`, dtype, length, stateEntry.file)
  const nested = offset === undefined ? null : { offset, block: nested_blocksize ?? 256 }
  const values = await readFloat32(part('.quant_map', 'F32', 16))
  const stored: StoredFourBit = {
    type: typeOfValues(values, `${stateEntry.file}: tensor ${name}`),
    block,
    packed: part('', 'U8', Math.ceil(count / 2)),
    absmax: part('.absmax', nested ? 'U8' : 'F32', blocks),
    nested: nested && {
      ...nested,
      absmax: part('.nested_absmax', 'F32', Math.ceil(blocks / nested.block)),
      map: part('.nested_quant_map', 'F32', 256),
    },
    transposed,
  }
  return { stored, shape: transposed ? shape.toReversed() : shape }
}

async function readState(entry: TensorEntry) {
  const where = `${entry.file}: tensor ${entry.name}`
  const text = new TextDecoder().decode(await readBytes(entry))
  const parsed = State.safeParse(parseJson(text, `${where}`, 'bad_model'))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw new EngineError('bad_model', `${where}: ${issue.path.join('.')} is wrong (${issue.message}).`)
}

function partOf(
  byName: ReadonlyMap<string, TensorEntry>,
  name: string,
  dtype: TensorEntry['dtype'],
  length: number,
  file: string,
): TensorEntry {
  const entry = byName.get(name)
  if (!entry) throw new EngineError('bad_model', `${file}: tensor ${name} is missing, which a weight in 4 bits needs.`)
  if (entry.dtype !== dtype || elementsIn(entry.shape) !== length)
    throw new EngineError(
      'bad_model',
      `${entry.file}: tensor ${name} is ${entry.dtype} [${entry.shape.join(', ')}], expected ${length} values of ${dtype}.`,
    )
  return entry
}

/** The bytes, and the block maxima in the form they are held in. */
export async function readStored({ packed, absmax, nested }: StoredFourBit) {
  const bytes = await readBytes(packed)
  if (!nested) return { packed: bytes, absmax: await readFloat32(absmax) }
  const held: Nested = {
    bytes: await readBytes(absmax),
    absmax: await readFloat32(nested.absmax),
    offset: Math.fround(nested.offset),
    map: await readFloat32(nested.map),
  }
  return { packed: bytes, absmax: held }
}

/** The whole tensor in float32, in the shape that its entry says. */
async function dequantizeStored(stored: StoredFourBit, shape: readonly number[]): Promise<Float32Array<ArrayBuffer>> {
  const { packed, absmax } = await readStored(stored)
  const maxima = absmax instanceof Float32Array ? absmax : dequantizeNested(absmax, stored.nested?.block)
  const values = dequantizeFourBit(stored.type, { packed, absmax: maxima }, elementsIn(shape), stored.block)
  return stored.transposed ? turned(values, shape[1]!, shape[0]!) : values
}
