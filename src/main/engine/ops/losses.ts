/** Cross-entropy of a language model's head. M supervised tokens, V vocabulary. */
import { expectRank } from '../graph/shapes'
import type { Value } from '../graph/value'
import { onnxNode, primitive, primitiveOf } from './primitive'

/**
 * Σ −log softmax(logits)[label], a sum and not a mean: who adds up micro-batches divides once by all their tokens.
 * One primitive, because composed rules would hold four more arrays of [M, V], the largest of the whole step.
 */
const crossEntropyOp = primitiveOf('CrossEntropy', {
  type: ([logits, labels]) => {
    expectRank(logits!, 2, 'logits')
    if (labels!.shape.length !== 1 || labels!.shape[0] !== logits!.shape[0])
      throw new Error(`labels have shape [${labels!.shape.join(', ')}], expected [${logits!.shape[0]}]`)
    return [
      { dtype: logits!.dtype, shape: [] },
      { dtype: logits!.dtype, shape: logits!.shape },
    ]
  },
  emit: (_, { inputs: [logits, labels], outputs: [loss, logProbabilities] }) => [
    onnxNode('LogSoftmax', [logits!], [logProbabilities!], { axis: -1 }),
    onnxNode('Constant', [], [`${loss}_axis`], { value_ints: [-1] }),
    onnxNode('Unsqueeze', [labels!, `${loss}_axis`], [`${loss}_labels`]),
    onnxNode('GatherElements', [logProbabilities!, `${loss}_labels`], [`${loss}_picked`], { axis: 1 }),
    onnxNode('ReduceSum', [`${loss}_picked`], [`${loss}_sum`], { keepdims: 0 }),
    onnxNode('Neg', [`${loss}_sum`], [loss!]),
  ],
  gradient: ({ inputs: [, labels], outputs: [, logProbabilities], dY }) => [
    () => crossEntropyGradient([logProbabilities!, labels!, dY]),
    null,
  ],
})

/** (softmax − one-hot) · dY, from the log-probabilities that the forward pass saved. */
const crossEntropyGradient = primitive('CrossEntropyGradient', {
  type: ([logProbabilities]) => ({ dtype: logProbabilities!.dtype, shape: logProbabilities!.shape }),
  emit: (_, { inputs: [logProbabilities, labels, dY], outputs: [y] }) => [
    onnxNode('Exp', [logProbabilities!], [`${y}_softmax`]),
    onnxNode('Constant', [], [`${y}_axis`], { value_ints: [-1] }),
    onnxNode('Unsqueeze', [labels!, `${y}_axis`], [`${y}_labels`]),
    onnxNode('Shape', [`${y}_labels`], [`${y}_count`]),
    onnxNode('Constant', [], [`${y}_one`], { value_float: { float: -1 } }),
    onnxNode('Expand', [`${y}_one`, `${y}_count`], [`${y}_ones`]),
    onnxNode('ScatterElements', [`${y}_softmax`, `${y}_labels`, `${y}_ones`], [`${y}_error`], {
      axis: 1,
      reduction: 'add',
    }),
    onnxNode('Mul', [`${y}_error`, dY!], [y!]),
  ],
})

/** Sum of the cross-entropies of logits [M, V] against labels [M] (int64). */
export const crossEntropy = (logits: Value, labels: Value) => crossEntropyOp([logits, labels])[0]!
