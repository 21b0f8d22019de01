/** Rotary position embeddings (Su et al. 2021) on packed tokens, and places. N tokens, H heads of width d. */
import { expectRank, fixed } from '../graph/shapes'
import { constant, type Value } from '../graph/value'
import { neg } from './arithmetic'
import { onnxNode, primitive } from './primitive'

/**
 * Each head's pairs (x[i], x[i + r/2]) turned by the token's angle i; of a head's d values the first r are turned.
 * A turn is undone by the opposite one, so dX is dY turned by −angle: the same op with −sin.
 */
const rotaryOp = primitive('RotaryEmbedding', {
  type: ([x, cosines, sines, first]) => {
    expectRank(x!, 2, 'what is turned')
    for (const table of [cosines!, sines!])
      if (table.shape.length !== 2 || table.shape[0] !== x!.shape[0])
        throw new Error(`the angles have shape [${table.shape.join(', ')}], expected [${x!.shape[0]}, r / 2]`)
    if (first!.dtype !== 'int64') throw new Error('the first place must be int64')
    return { dtype: x!.dtype, shape: x!.shape }
  },
  emit: (node, { inputs: [x, cosines, sines, first], outputs: [y] }) => {
    const [input, table] = node.inputs
    const { headSize } = node.attributes as { headSize: number }
    const width = Number(input!.shape[1])
    const turned = 2 * Number(table!.shape[1])
    const partly: Record<string, number> =
      turned === headSize ? {} : { rotary_embedding_dim: turned, num_heads: width / headSize }
    return [
      onnxNode('Constant', [], [`${y}_axis`], { value_ints: [0] }),
      onnxNode('Unsqueeze', [x!, `${y}_axis`], [`${y}_row`]),
      onnxNode('RotaryEmbedding', [`${y}_row`, first!, cosines!, sines!], [`${y}_turned`], partly, 'com.microsoft'),
      onnxNode('Squeeze', [`${y}_turned`, `${y}_axis`], [y!]),
    ]
  },
  gradient: ({ inputs: [, cosines, sines, first], attributes, dY }) => [
    () => rotaryOp([dY, cosines!, neg(sines!), first!], attributes),
    null,
    null,
    null,
  ],
})

/** x [N, H·d] turned by angles whose cosines and sines are [N, r/2], r ≤ d. */
export function rotary(x: Value, cosines: Value, sines: Value, headSize: number): Value {
  fixed(cosines.shape[1], 'the number of angles')
  return rotaryOp([x, cosines, sines, constant([0], [1], 'int64')], { headSize })
}

const flat = { type: ([x]: readonly Value[]) => ({ dtype: x!.dtype, shape: x!.shape }) }
/** Of angles, which nothing trained enters: no gradient. */
const cosOp = primitive('Cos', { ...flat, gradient: () => [null] })
const sinOp = primitive('Sin', { ...flat, gradient: () => [null] })
export const cos = (x: Value) => cosOp([x])
export const sin = (x: Value) => sinOp([x])
