/**
 * Ops that pick rows. N tokens of a batch, packed without padding; B rows of T padded places; V table rows.
 * The packed layout is what linear layers see; attention alone sees rows side by side.
 */
import { times } from '../graph/shapes'
import { constant, type Value } from '../graph/value'
import { onnxNode, primitive } from './primitive'
import { zerosLike } from './shape'

const gatherOp = primitive('Gather', {
  type: ([table, ids]) => ({ dtype: table!.dtype, shape: [...ids!.shape, ...table!.shape.slice(1)] }),
  attributes: () => ({ axis: 0 }),
  /** Rows picked twice get both gradients: a sum into a table of zeros. */
  gradient: ({ inputs: [table, ids], dY }) => [() => addRows(zerosLike(table!), ids!, dY), null],
})
/** Rows of a table: [V, …], ids [N] → [N, …]. */
export const gather = (table: Value, ids: Value) => gatherOp([table, ids])

const addRowsOp = primitive('AddRows', {
  type: ([table]) => ({ dtype: table!.dtype, shape: table!.shape }),
  emit: (_, { inputs: [table, ids, rows], outputs: [y] }) => [
    onnxNode('Constant', [], [`${y}_axis`], { value_ints: [-1] }),
    onnxNode('Unsqueeze', [ids!, `${y}_axis`], [`${y}_ids`]),
    onnxNode('ScatterND', [table!, `${y}_ids`, rows!], [y!], { reduction: 'add' }),
  ],
  gradient: ({ inputs: [, ids], dY }) => [() => dY, null, () => gather(dY, ids!)],
})
/** The table [V, …] with rows [N, …] added at ids [N]. */
export const addRows = (table: Value, ids: Value, rows: Value) => addRowsOp([table, ids, rows])

const toRowsOp = primitive('ToRows', {
  type: ([x, , slots]) => ({ dtype: x!.dtype, shape: [...slots!.shape, ...x!.shape.slice(1)] }),
  emit: (_, { inputs: [x, zero, slots], outputs: [y] }) => [
    onnxNode('Concat', [x!, zero!], [`${y}_padded`], { axis: 0 }),
    onnxNode('Gather', [`${y}_padded`, slots!], [y!], { axis: 0 }),
  ],
  gradient: ({ inputs: [, , slots, places], dY }) => [
    () => fromRows(dY, { slots: slots!, places: places! }),
    null,
    null,
    null,
  ],
})
const fromRowsOp = primitive('FromRows', {
  type: ([x, places]) => ({ dtype: x!.dtype, shape: [...places!.shape, ...x!.shape.slice(2)] }),
  emit: (node, { inputs: [x, places], outputs: [y] }) => [
    onnxNode('Constant', [], [`${y}_shape`], { value_ints: [-1, ...node.inputs[0]!.shape.slice(2).map(Number)] }),
    onnxNode('Reshape', [x!, `${y}_shape`], [`${y}_flat`]),
    onnxNode('Gather', [`${y}_flat`, places!], [y!], { axis: 0 }),
  ],
  gradient: ({ inputs: [, places, slots], dY }) => [() => toRows(dY, { slots: slots!, places: places! }), null, null],
})

/**
 * How packed tokens lie in padded rows: `slots` [B, T] is the token at each place (N where there is none),
 * `places` [N] is each token's place, counted through all rows.
 */
export type RowLayout = { slots: Value; places: Value }

/** Packed tokens side by side in rows, zeros where a row is shorter: [N, D] → [B, T, D]. The inverse of `fromRows`. */
export const toRows = (x: Value, { slots, places }: RowLayout) => {
  const width = x.shape.slice(1).map(Number)
  return toRowsOp([x, constant(new Array(Number(times(width))).fill(0), [1, ...width]), slots, places])
}
/** Rows without their padding: [B, T, D] → [N, D]. */
export const fromRows = (x: Value, { slots, places }: RowLayout) => fromRowsOp([x, places, slots])
