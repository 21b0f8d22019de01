/**
 * Recomputation (Chen et al. 2016, "Training deep nets with sublinear memory cost"): the backward pass builds a part of
 * the model a second time, instead of keeping everything that lies between the part's inputs and its output.
 */
import { pullBackWith } from '../graph/gradients'
import { apply, constant, topological, type Value } from '../graph/value'
import { add } from './arithmetic'
import { onnxNode, primitive } from './primitive'
import { sumTo } from './shape'

/**
 * x, but not before `later` is there. Both lead with the same dimension, which is read from `later`'s shape: ONNX
 * Runtime can neither move what depends on it forward nor take it for the first copy (it merges equal subexpressions).
 */
const afterOp = primitive('After', {
  type: ([x, later]) => {
    if (x!.shape[0] !== later!.shape[0])
      throw new Error(`[${x!.shape.join(', ')}] and [${later!.shape.join(', ')}] do not lead with the same dimension`)
    return { dtype: x!.dtype, shape: x!.shape }
  },
  emit: (node, { inputs: [x, later], outputs: [y] }) => [
    onnxNode('Shape', [later!], [`${y}_lead`], { start: 0, end: 1 }),
    // Reshape reads 0 as: what it was.
    onnxNode('Constant', [], [`${y}_rest`], { value_ints: node.inputs[0]!.shape.slice(1).map(() => 0) }),
    onnxNode('Concat', [`${y}_lead`, `${y}_rest`], [`${y}_shape`], { axis: 0 }),
    onnxNode('Reshape', [x!, `${y}_shape`], [y!]),
  ],
  gradient: ({ dY }) => [() => dY, null],
})

/**
 * build(...inputs), computed again for its gradient. Inputs and result lead with the same dimension [N, …]. `build` must
 * build the same both times; trained weights that it reads are found by themselves.
 */
export function recomputed(inputs: readonly Value[], build: (...inputs: Value[]) => Value): Value {
  const y = build(...inputs)
  const trained = inputLeavesBetween(inputs, y)
  const known = [...inputs, ...trained]
  const boundary = {
    name: 'Recomputed',
    type: () => [{ dtype: y.dtype, shape: y.shape }],
    emit: (_: unknown, names: { inputs: readonly string[]; outputs: readonly string[] }) => [
      onnxNode('Identity', [names.inputs[0]!], names.outputs),
    ],
    gradient: ({ dY }: { dY: Value }) => {
      let pulled: ReadonlyMap<Value, Value> | undefined
      const again = inputs.map((value) => afterOp([value, dY]))
      const pull = () => {
        pulled ??= pullBackWith({ one: () => constant(1), add, sumTo }, build(...again), dY, [...again, ...trained])
        return pulled
      }
      return [null, ...[...again, ...trained].map((value) => () => pull().get(value)!)]
    },
  }
  return apply(boundary, [y, ...known]).outputs[0]!
}

/** The graph's inputs of floats that `y` reads without passing through `inputs`: weights in training. */
function inputLeavesBetween(inputs: readonly Value[], y: Value): Value[] {
  const before = new Set(topological(inputs))
  const leaves = topological([y])
    .filter((node) => !before.has(node))
    .flatMap((node) => node.inputs)
    .filter(({ source, dtype }) => source?.kind === 'input' && dtype === 'float32')
  return [...new Set(leaves)].filter((leaf) => !inputs.includes(leaf))
}
