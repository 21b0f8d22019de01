/**
 * The frozen weights of a model in the form that a job wants them: as they are, or with the linear layers' matrices in
 * 4 or 8 bits, which are then never in memory or on disk in float32. Embeddings, norms, biases and the output head stay
 * as they are, as with transformers and bitsandbytes.
 */
import type { TrainingArguments } from '../../../shared/contract'
import type { FilePlace } from '../graph/value'
import type { Model } from '../models'
import type { Anatomy } from '../models/anatomy'
import { type FourBitMatrix, type QuantizedMatrix, quantizedLinears } from '../nn/quantized'
import { type LinearSource, plainLinear } from '../nn/weights'
import { signedProductsAreExact } from '../runtime/int8-products'
import type { Checkpoint } from '../weights/checkpoint'
import { type PreparedWeights, prepareFloat32 } from '../weights/mapped'
import { fourBitValues } from '../weights/quantization/codes'
import { fourBitBlock } from '../weights/quantization/four-bit'
import { nestedBlock } from '../weights/quantization/nested'
import {
  type LayerToQuantize,
  prepareQuantized,
  type QuantizedWeights,
  type Scheme,
} from '../weights/quantization/prepared'
import { locate } from './locate'

export type BaseQuantization = {
  type: TrainingArguments['base_quantization']
  /** With 4 bits: whether the blocks' scales are quantized too. */
  double: boolean
}

/** The form in which a checkpoint has its layers already; null where it has them as floats. */
export function storedForm({ fourBit }: Checkpoint): BaseQuantization | null {
  const [first] = fourBit.values()
  return first ? { type: first.type, double: first.nested !== null } : null
}

export type BaseWeights = {
  weights: PreparedWeights
  linears: LinearSource
}

/**
 * Prepares a checkpoint's weights in `cacheDir`, once for each form. Layers that the checkpoint has in 4 bits stay in
 * them, unless 8 are asked for.
 * @throws EngineError `bad_model`, `disk`
 */
export async function prepareBase(
  checkpoint: Checkpoint,
  model: Model,
  anatomy: Anatomy,
  cacheDir: string,
  { type, double }: BaseQuantization,
): Promise<BaseWeights> {
  const layers = anatomy.linears.map((layer): LayerToQuantize => {
    const { path, inputs, outputs, stored } = layer
    const entry = locate(
      { checkpoint, model },
      `${path}.weight`,
      stored === 'in-out' ? [inputs, outputs] : [outputs, inputs],
    )
    return { path, inputs, outputs, stored, entry, fourBit: checkpoint.fourBit.get(entry.name) ?? null }
  })
  const held = type === 'none' ? layers.filter(({ fourBit }) => fourBit) : layers
  if (held.length === 0) return { weights: await prepareFloat32(checkpoint, cacheDir), linears: plainLinear }
  const quantized = await prepareQuantized(checkpoint, cacheDir, held, await schemeOf(type, double))
  const matrices = new Map<string, QuantizedMatrix>()
  for (const layer of held) matrices.set(layer.path, await matrixOf(layer, quantized, type))
  const few = quantizedLinears(({ path }) => matrices.get(path)!)
  return {
    weights: quantized.weights,
    linears: (layer, tensors) => (matrices.has(layer.path) ? few : plainLinear)(layer, tensors),
  }
}

async function schemeOf(type: BaseQuantization['type'], double: boolean): Promise<Scheme> {
  if (type === 'int8') return { type, dtype: (await signedProductsAreExact()) ? 'int8' : 'uint8' }
  return { type: type === 'none' ? 'nf4' : type, double }
}

async function matrixOf(
  { path, fourBit }: LayerToQuantize,
  { parts, read }: QuantizedWeights,
  type: BaseQuantization['type'],
): Promise<QuantizedMatrix> {
  const place = (part: string): FilePlace => parts.get(`${path}/${part}`)!
  if (type === 'int8') {
    const codes = parts.get(`${path}/codes`)!
    return { kind: 'int8', dtype: codes.dtype === 'I8' ? 'int8' : 'uint8', matrix: codes, scales: place('scales') }
  }
  const values = fourBitValues[fourBit?.type ?? (type === 'fp4' ? 'fp4' : 'nf4')]
  const absmax: FourBitMatrix['absmax'] = parts.has(`${path}/nested_absmax`)
    ? {
        bytes: place('absmax'),
        block: fourBit?.nested?.block ?? nestedBlock,
        values: await read(`${path}/nested_map`),
        absmax: place('nested_absmax'),
        offset: (await read(`${path}/nested_offset`))[0]!,
      }
    : place('absmax')
  return { kind: 'four-bit', values, packed: place('packed'), block: fourBit?.block ?? fourBitBlock, absmax }
}
