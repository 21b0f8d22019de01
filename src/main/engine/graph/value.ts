/**
 * Values and nodes: the graph that ops build and the autodiff walker reads. A value knows its element type and shape
 * when it is made, so a mistake is reported where it was made. Dimensions may be names (`N` tokens, `B` rows, `T`
 * padded length …) for lengths that differ from batch to batch; one graph serves all lengths.
 */
import type { Dimension, ElementType, OnnxNode } from '../onnx/model'

export type { Dimension, ElementType } from '../onnx/model'
export type Shape = readonly Dimension[]
export type ValueType = { dtype: ElementType; shape: Shape }

/** Where a leaf's contents come from. */
export type Source =
  | { kind: 'input'; name: string }
  | { kind: 'constant'; bytes: Uint8Array }
  | { kind: 'file'; name: string; file: string; offset: number; byteLength: number }

export type Value = ValueType & {
  readonly id: number
  /** The node that computes it, or null for a leaf. */
  readonly node: Node | null
  readonly source: Source | null
}

export type Attributes = OnnxNode['attributes']

/** An application of a primitive. What a primitive saves for its gradient follows its outputs proper. */
export type Node = {
  readonly primitive: Primitive
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly attributes: Attributes
  /** Where in the model it was built: `transformer.h.0.attn`. */
  readonly place: string
}

export type GradientContext = {
  inputs: readonly Value[]
  /** The output, and what the primitive saved beside it. */
  outputs: readonly Value[]
  attributes: Attributes
  /** Gradient of the first output. */
  dY: Value
  /** Gradients of all outputs; undefined where the loss does not depend on one. */
  dYs: readonly (Value | undefined)[]
}

/** One entry per input: how to build its gradient, or null where it is zero by mathematics. */
export type GradientRule = (context: GradientContext) => readonly ((() => Value) | null)[]

export type Emission = (
  node: Node,
  names: {
    inputs: readonly string[]
    outputs: readonly string[]
    /** Whether anything depends on an output; a primitive may save itself the work where nothing does. */
    used: readonly boolean[]
  },
) => readonly Omit<OnnxNode, 'name'>[]

/** A primitive op: its type, its ONNX nodes and its gradient. */
export type Primitive = {
  name: string
  /** Types of all outputs. */
  type: (inputs: readonly Value[], attributes: Attributes) => readonly ValueType[]
  emit: Emission
  /** undefined: nobody has derived it yet; asking for it is an error. */
  gradient: GradientRule | undefined
}

let nextId = 1
const places: string[] = []

/** Names the part of the model that `build` builds, for error messages and node names. */
export function within<T>(place: string, build: () => T): T {
  places.push(place)
  try {
    return build()
  } finally {
    places.pop()
  }
}

export const currentPlace = () => places.join('.')

export function leaf(type: ValueType, source: Source): Value {
  return { ...type, id: nextId++, node: null, source }
}

/** Applies a primitive. @throws GraphError with op, place, and what the type rule found wrong. */
export function apply(primitive: Primitive, inputs: readonly Value[], attributes: Attributes = {}): Node {
  const place = currentPlace()
  const outputs: Value[] = []
  const node: Node = { primitive, inputs, outputs, attributes, place }
  let types: readonly ValueType[]
  try {
    types = primitive.type(inputs, attributes)
  } catch (error) {
    throw new GraphError(primitive.name, place, error instanceof Error ? error.message : String(error))
  }
  for (const type of types) outputs.push({ ...type, id: nextId++, node, source: null })
  return node
}

export class GraphError extends Error {
  constructor(op: string, place: string, what: string) {
    super(`${op}${place ? ` at ${place}` : ''}: ${what}`)
    this.name = 'GraphError'
  }
}

/** A named input, fed on each run. */
export const input = (name: string, dtype: ElementType, shape: Shape) => leaf({ dtype, shape }, { kind: 'input', name })

/** Where a tensor's bytes lie in a file of the prepared folder. */
export type FilePlace = { file: string; offset: number; byteLength: number }

/** A tensor of a file that ONNX Runtime maps; its bytes never pass through JavaScript. */
export const fromFile = (
  name: string,
  shape: readonly number[],
  { file, offset, byteLength }: FilePlace,
  dtype: ElementType = 'float32',
) => leaf({ dtype, shape }, { kind: 'file', name, file, offset, byteLength })

const typedArrays = {
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
}

/** A small constant held in the graph itself. */
export function constant(
  values: number | readonly number[],
  shape: readonly number[] = typeof values === 'number' ? [] : [values.length],
  dtype: ElementType = 'float32',
): Value {
  const list = typeof values === 'number' ? [values] : values
  const array = dtype === 'int64' ? BigInt64Array.from(list, BigInt) : typedArrays[dtype].from(list)
  return leaf({ dtype, shape }, { kind: 'constant', bytes: new Uint8Array(array.buffer) })
}

/** All nodes that the values depend on, each after the nodes that it needs. */
export function topological(values: readonly Value[]): Node[] {
  const order: Node[] = []
  const seen = new Set<Node>()
  const stack: { node: Node; next: number }[] = []
  const enter = (node: Node | null) => {
    if (!node || seen.has(node)) return
    seen.add(node)
    stack.push({ node, next: 0 })
  }
  for (const value of values) {
    enter(value.node)
    while (stack.length > 0) {
      const top = stack.at(-1)!
      const following = top.node.inputs[top.next++]
      if (following) enter(following.node)
      else order.push(stack.pop()!.node)
    }
  }
  return order
}
