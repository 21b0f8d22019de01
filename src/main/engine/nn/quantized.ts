/**
 * Linear layers whose frozen matrix is held in 4 or 8 bits (Dettmers et al. 2023, "QLoRA"). Neither architectures nor
 * adapters know about them.
 */
import { constant, type FilePlace, fromFile, type Value } from '../graph/value'
import { add, dequantize, dequantizeInt8, fleetingProduct, int8Product, transpose } from '../ops'
import type { BaseLinear, LinearLayer, LinearSource } from './weights'

/** Where a layer's quantized parts lie in files of the prepared folder. */
export type QuantizedMatrix = FourBitMatrix | EightBitMatrix

/** [outputs, inputs] flattened, in blocks that run on from row to row. */
export type FourBitMatrix = {
  kind: 'four-bit'
  /** The 16 values by their code. */
  values: Float32Array
  /** Two codes to a byte, the first in the high half; the last block is filled up. */
  packed: FilePlace
  /** Values in a block. */
  block: number
  /** Each block's largest absolute value: as it is, or in 8 bits. */
  absmax: FilePlace | NestedScales
}

export type NestedScales = {
  /** Bytes filling whole blocks, and what the 256 of them stand for. */
  bytes: FilePlace
  block: number
  values: Float32Array
  absmax: FilePlace
  offset: number
}

/** [inputs, outputs] with a scale for each output. */
export type EightBitMatrix = { kind: 'int8'; dtype: 'int8' | 'uint8'; matrix: FilePlace; scales: FilePlace }

/** The linear layers of a model whose matrices are quantized. */
export function quantizedLinears(matrixOf: (layer: LinearLayer) => QuantizedMatrix): LinearSource {
  const tables = new Map<Float32Array, Value>()
  const tableOf = (values: Float32Array) => {
    const table = tables.get(values) ?? tableOfBytes(values)
    tables.set(values, table)
    return table
  }
  return (layer, tensors) => {
    const bias = layer.bias ? tensors(`${layer.path}.bias`, [layer.outputs]) : null
    const held = matrixOf(layer)
    return held.kind === 'int8' ? eightBit(layer, held, bias) : fourBit(layer, held, bias, tableOf)
  }
}

type TableOf = (values: Float32Array) => Value

/** What a byte stands for: [256, 2] for the values of half bytes, [256, 1] for those of whole ones. */
function tableOfBytes(values: Float32Array): Value {
  if (values.length === 256) return constant([...values], [256, 1])
  return constant(
    Array.from({ length: 512 }, (_, i) => values[i % 2 ? (i >> 1) & 15 : i >> 5]!),
    [256, 2],
  )
}

function fourBit(layer: LinearLayer, held: FourBitMatrix, bias: Value | null, tableOf: TableOf): BaseLinear {
  const name = `${layer.path}.weight`
  const blocks = Math.ceil((layer.inputs * layer.outputs) / held.block)
  const parts = {
    bytes: fromFile(`${name}/packed`, [(blocks * held.block) / 2], held.packed, 'uint8'),
    table: tableOf(held.values),
  }
  const scalesAfter = blockScales(name, blocks, held.absmax, tableOf)
  const matrix = (after: Value) =>
    dequantize({ ...parts, scales: scalesAfter(after) }, [layer.outputs, layer.inputs], after)
  return { apply: (x) => fleetingProduct(x, matrix, bias), matrix }
}

/** The scales [blocks, 1] of a 4-bit matrix. */
function blockScales(name: string, blocks: number, absmax: FourBitMatrix['absmax'], tableOf: TableOf) {
  if ('file' in absmax) {
    const scales = fromFile(`${name}/absmax`, [blocks, 1], absmax)
    return () => scales
  }
  const whole = Math.ceil(blocks / absmax.block)
  const parts = {
    bytes: fromFile(`${name}/absmax`, [whole * absmax.block], absmax.bytes, 'uint8'),
    table: tableOf(absmax.values),
    scales: fromFile(`${name}/nested_absmax`, [whole, 1], absmax.absmax),
  }
  return (after: Value) => add(dequantize(parts, [blocks, 1], after), absmax.offset)
}

function eightBit(layer: LinearLayer, held: EightBitMatrix, bias: Value | null): BaseLinear {
  const { path, inputs, outputs } = layer
  const parts = {
    matrix: fromFile(`${path}.weight/codes`, [inputs, outputs], held.matrix, held.dtype),
    scales: fromFile(`${path}.weight/scales`, [outputs], held.scales),
  }
  return {
    apply: (x) => {
      const product = int8Product(x, parts)
      return bias ? add(product, bias) : product
    },
    matrix: (after) => transpose(dequantizeInt8(parts, after), [1, 0]),
  }
}
