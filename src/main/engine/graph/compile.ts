/** From values to an ONNX model: names everything, drops what nothing depends on, keeps constants once. */
import type { OnnxModel, OnnxNode, OnnxPort, OnnxTensor } from '../onnx/model'
import { GraphError, topological, type Value } from './value'

/** The model that computes `outputs` (by name). Inputs are those that the outputs depend on. */
export function toModel(name: string, outputs: Readonly<Record<string, Value>>): OnnxModel {
  const wanted = Object.entries(outputs)
  const order = topological(wanted.map(([, value]) => value))
  const names = new Map<Value, string>()
  const inputs: OnnxPort[] = []
  const initializers = new Map<string, OnnxTensor>()

  const nameLeaf = (value: Value): string => {
    const known = names.get(value)
    if (known) return known
    const { source } = value
    if (!source) throw new GraphError('compile', '', `value ${value.id} has neither a node nor a source`)
    const unique = source.kind === 'constant' ? `constant_${value.id}` : source.name
    names.set(value, unique)
    if (source.kind === 'input') inputs.push({ name: unique, dtype: value.dtype, shape: value.shape })
    else if (!initializers.has(unique)) initializers.set(unique, tensorOf(unique, value))
    return unique
  }

  const outputNames = new Map<Value, string>()
  for (const [outputName, value] of wanted)
    if (value.node && !outputNames.has(value)) outputNames.set(value, outputName)

  const used = new Set([...order.flatMap(({ inputs }) => inputs), ...wanted.map(([, value]) => value)])
  const nodes: OnnxNode[] = []
  order.forEach((node, index) => {
    node.outputs.forEach((value, i) => {
      names.set(value, outputNames.get(value) ?? `${node.primitive.name}_${index}${i ? `_${i}` : ''}`)
    })
    const emitted = node.primitive.emit(node, {
      inputs: node.inputs.map((value) => (value.node ? names.get(value)! : nameLeaf(value))),
      outputs: node.outputs.map((value) => names.get(value)!),
      used: node.outputs.map((value) => used.has(value)),
    })
    emitted.forEach((part, i) => {
      nodes.push({ ...part, name: `${node.place}/${node.primitive.name}_${index}${i ? `_${i}` : ''}` })
    })
  })

  // A leaf, or a value under a second name, leaves through an Identity.
  for (const [outputName, value] of wanted) {
    const known = value.node ? names.get(value)! : nameLeaf(value)
    if (known !== outputName)
      nodes.push({
        op: 'Identity',
        domain: '',
        name: `output/${outputName}`,
        inputs: [known],
        outputs: [outputName],
        attributes: {},
      })
  }

  // Without their types, which ONNX Runtime cannot infer where a shape is computed, planning the memory of a training
  // graph takes it many times as long, and it finds fewer buffers to use again.
  const between = order.flatMap(({ outputs }) => outputs).filter((value) => used.has(value) && !outputNames.has(value))

  return {
    name,
    nodes,
    initializers: [...initializers.values()],
    inputs,
    outputs: wanted.map(([outputName, { dtype, shape }]) => ({ name: outputName, dtype, shape })),
    values: between.map((value) => ({ name: names.get(value)!, dtype: value.dtype, shape: value.shape })),
  }
}

function tensorOf(name: string, value: Value): OnnxTensor {
  const { source, dtype } = value
  const shape = value.shape.map(Number)
  if (source?.kind === 'file')
    return { name, dtype, shape, file: source.file, offset: source.offset, byteLength: source.byteLength }
  if (source?.kind === 'constant') return { name, dtype, shape, bytes: source.bytes }
  throw new GraphError('compile', '', `${name} is not a tensor with contents`)
}
