/** Defines primitives: type, emission and gradient side by side. One record is one ONNX node unless it says otherwise. */

import {
  type Attributes,
  apply,
  type Emission,
  type GradientRule,
  type Primitive,
  type Value,
  type ValueType,
} from '../graph/value'
import type { OnnxAttribute, OnnxNode } from '../onnx/model'

type Definition = {
  type: (inputs: readonly Value[], attributes: Attributes) => ValueType | readonly ValueType[]
  /** ONNX domain; the standard one when left out. */
  domain?: string
  /** Attributes of the ONNX node; all of the primitive's when left out. */
  attributes?: (attributes: Attributes) => Readonly<Record<string, OnnxAttribute>>
  /** For a primitive that is several ONNX nodes, or one of another name. */
  emit?: Emission
  gradient?: GradientRule
}

/** Every primitive by name, for the op table's tests. */
export const primitives = new Map<string, Primitive>()

/** Defines a primitive and returns how to apply it; the result is all of its outputs. */
export function primitiveOf(name: string, definition: Definition) {
  const primitive: Primitive = {
    name,
    type: (inputs, attributes) => {
      const type = definition.type(inputs, attributes)
      return Array.isArray(type) ? type : [type as ValueType]
    },
    emit:
      definition.emit ??
      ((node, { inputs, outputs }) => [
        onnxNode(name, inputs, outputs, definition.attributes?.(node.attributes) ?? node.attributes, definition.domain),
      ]),
    gradient: definition.gradient,
  }
  primitives.set(name, primitive)
  return (inputs: readonly Value[], attributes: Attributes = {}) => apply(primitive, inputs, attributes).outputs
}

/** As `primitiveOf`, for the usual case of one output. */
export function primitive(name: string, definition: Definition) {
  const build = primitiveOf(name, definition)
  return (inputs: readonly Value[], attributes: Attributes = {}): Value => build(inputs, attributes)[0]!
}

/** One ONNX node, for emissions. */
export function onnxNode(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: OnnxNode['attributes'] = {},
  domain = '',
): Omit<OnnxNode, 'name'> {
  return { op, domain, inputs, outputs, attributes }
}
