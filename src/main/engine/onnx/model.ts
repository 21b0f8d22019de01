/**
 * An ONNX model as plain data, and its bytes. Field numbers are those of `onnx.proto` (IR version 10).
 * Weights stay outside the message: a tensor either holds a few values or points into a file beside the model.
 */
import { WireWriter } from './wire'

/** ONNX element types that the engine uses. */
export const elementTypes = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, uint32: 12 } as const
export type ElementType = keyof typeof elementTypes

/** A dimension is a number, or a name for a length that only the feeds tell. */
export type Dimension = number | string

export type OnnxAttribute =
  | number
  | bigint
  | string
  | readonly number[]
  | readonly string[]
  | { float: number }
  | { graph: OnnxModel }
export type OnnxNode = {
  op: string
  domain: string
  name: string
  inputs: readonly string[]
  outputs: readonly string[]
  /** Whole numbers become INT (lists INTS), `{ float }` FLOAT, text STRING, `{ graph }` the body of a loop. */
  attributes: Readonly<Record<string, OnnxAttribute>>
}

export type OnnxTensor = { name: string; dtype: ElementType; shape: readonly number[] } & (
  | { bytes: Uint8Array }
  /** Bytes of a file in the model's own folder. */
  | { file: string; offset: number; byteLength: number }
)
export type OnnxPort = { name: string; dtype: ElementType; shape: readonly Dimension[] }
export type OnnxModel = {
  name: string
  nodes: readonly OnnxNode[]
  initializers: readonly OnnxTensor[]
  inputs: readonly OnnxPort[]
  outputs: readonly OnnxPort[]
  /** Types of values in between. ONNX Runtime reuses a buffer for a value whose size it knows to be the same. */
  values?: readonly OnnxPort[]
}

const opset = 21
const irVersion = 10
const attributeType = { float: 1, int: 2, string: 3, graph: 5, ints: 7, strings: 8 } as const

/** Serializes a model; the result can be given to ONNX Runtime as it is. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return new WireWriter()
    .integer(1, irVersion)
    .text(2, 'camelot')
    .message(7, (graph) => writeGraph(graph, model))
    .message(8, (set) => set.text(1, '').integer(2, opset))
    .message(8, (set) => set.text(1, 'com.microsoft').integer(2, 1))
    .finish()
}

function writeGraph(graph: WireWriter, model: OnnxModel) {
  for (const node of model.nodes) graph.message(1, (writer) => writeNode(writer, node))
  graph.text(2, model.name)
  for (const tensor of model.initializers) graph.message(5, (writer) => writeTensor(writer, tensor))
  for (const port of model.inputs) graph.message(11, (writer) => writePort(writer, port))
  for (const port of model.outputs) graph.message(12, (writer) => writePort(writer, port))
  for (const port of model.values ?? []) graph.message(13, (writer) => writePort(writer, port))
}

function writeNode(writer: WireWriter, node: OnnxNode) {
  for (const input of node.inputs) writer.text(1, input)
  for (const output of node.outputs) writer.text(2, output)
  writer.text(3, node.name).text(4, node.op)
  for (const [name, value] of Object.entries(node.attributes))
    writer.message(5, (attribute) => writeAttribute(attribute.text(1, name), value))
  if (node.domain) writer.text(7, node.domain)
}

function writeAttribute(writer: WireWriter, value: OnnxAttribute) {
  if (typeof value === 'number' || typeof value === 'bigint') writer.integer(3, value).integer(20, attributeType.int)
  else if (typeof value === 'string') writer.text(4, value).integer(20, attributeType.string)
  else if ('float' in value) writer.float(2, value.float).integer(20, attributeType.float)
  else if ('graph' in value)
    writer.message(6, (graph) => writeGraph(graph, value.graph)).integer(20, attributeType.graph)
  else if (value.every((entry) => typeof entry === 'number')) {
    for (const entry of value) writer.integer(8, entry)
    writer.integer(20, attributeType.ints)
  } else {
    for (const entry of value) writer.text(9, String(entry))
    writer.integer(20, attributeType.strings)
  }
}

function writeTensor(writer: WireWriter, tensor: OnnxTensor) {
  for (const size of tensor.shape) writer.integer(1, size)
  writer.integer(2, elementTypes[tensor.dtype]).text(8, tensor.name)
  if ('bytes' in tensor) {
    writer.blob(9, tensor.bytes)
    return
  }
  const external = { location: tensor.file, offset: String(tensor.offset), length: String(tensor.byteLength) }
  for (const [key, value] of Object.entries(external)) writer.message(13, (entry) => entry.text(1, key).text(2, value))
  writer.integer(14, 1)
}

function writePort(writer: WireWriter, port: OnnxPort) {
  writer.text(1, port.name).message(2, (type) =>
    type.message(1, (tensor) =>
      tensor.integer(1, elementTypes[port.dtype]).message(2, (shape) => {
        for (const size of port.shape)
          shape.message(1, (dimension) =>
            typeof size === 'number' ? dimension.integer(1, size) : dimension.text(2, size),
          )
      }),
    ),
  )
}
