/**
 * Cross-entropy of a language model's head, fused with the head's product and its gradient. D width, V vocabulary;
 * the supervised tokens come in L chunks of C, so that no array of [all tokens, V], by far the largest of a step, is
 * ever there: one chunk's logits are made, used and dropped before the next one's. Since the loss is a sum, a chunk's
 * gradient is known as soon as its logits are, and nothing has to be kept or computed again for the backward pass.
 * Source of the idea: Wijmans et al. 2024, "Cut your losses in large-vocabulary language models"; Hsu et al. 2024, Liger.
 */
import { expectRank } from '../graph/shapes'
import type { Value } from '../graph/value'
import type { OnnxNode, OnnxPort } from '../onnx/model'
import { mul } from './arithmetic'
import { onnxNode, primitiveOf } from './primitive'

/** The label of a place that fills up the last chunk. */
export const noLabel = -1

export type HeadLossOptions = {
  /** Label smoothing ε (Szegedy et al. 2016): the target is (1 − ε) · one-hot + ε / V. */
  smoothing?: number
  /** Logits z become c · tanh(z / c). */
  softcap?: number | null
}

/**
 * Outputs: the summed loss [], and its gradients with respect to hidden [L, C, D] and matrix [V, D].
 * Per token, with p = softmax(z) and lse = max z − log max p (the log-sum-exp): loss = lse − z[label],
 * dz = p − one-hot, d hidden = dz · matrix, d matrix = Σ dzᵀ · hidden.
 */
const headLossOp = primitiveOf('HeadLoss', {
  type: ([hidden, matrix, labels]) => {
    expectRank(hidden!, 3, 'hidden')
    if (labels!.shape.length !== 2 || labels!.shape.some((size, i) => size !== hidden!.shape[i]))
      throw new Error(`labels have shape [${labels!.shape.join(', ')}], expected [${hidden!.shape.slice(0, 2)}]`)
    if (matrix!.shape.length !== 2 || matrix!.shape[1] !== hidden!.shape[2])
      throw new Error(`the head has shape [${matrix!.shape.join(', ')}], expected [V, ${hidden!.shape[2]}]`)
    return [
      { dtype: 'float32', shape: [] },
      { dtype: 'float32', shape: hidden!.shape },
      { dtype: 'float32', shape: matrix!.shape },
    ]
  },
  emit: (node, { inputs: [hidden, matrix, labels], outputs: [loss, dHidden, dMatrix], used }) => {
    const [, C, D] = node.inputs[0]!.shape
    const V = node.inputs[1]!.shape[0]!
    const at = (name: string) => `${loss}/${name}`
    const float = (name: string, ...shape: (number | string)[]): OnnxPort => ({
      name: at(name),
      dtype: 'float32',
      shape,
    })
    const [, wantsHidden, wantsMatrix] = used
    const body = {
      name: at('body'),
      nodes: chunkNodes(at, matrix!, node.attributes as ChunkAttributes, {
        V: Number(V),
        wantsHidden: wantsHidden!,
        wantsMatrix: wantsMatrix!,
      }),
      initializers: [],
      inputs: [
        float('sum'),
        ...(wantsMatrix ? [float('dMatrix', V, D!)] : []),
        float('hidden', C!, D!),
        { name: at('labels'), dtype: 'int64', shape: [C!] } as const,
      ],
      outputs: [
        float('newSum'),
        ...(wantsMatrix ? [float('newDMatrix', V, D!)] : []),
        ...(wantsHidden ? [float('dHidden', C!, D!)] : []),
      ],
    }
    const start = [at('zero'), ...(wantsMatrix ? [at('zeros')] : [])]
    return [
      onnxNode('Constant', [], [at('zero')], { value_float: { float: 0 } }),
      ...(wantsMatrix
        ? [onnxNode('Shape', [matrix!], [at('shape')]), onnxNode('Expand', [at('zero'), at('shape')], [at('zeros')])]
        : []),
      onnxNode(
        'Scan',
        [...start, hidden!, labels!],
        [loss!, ...(wantsMatrix ? [dMatrix!] : []), ...(wantsHidden ? [dHidden!] : [])],
        { body: { graph: body }, num_scan_inputs: 2 },
      ),
    ]
  },
  gradient: ({ outputs: [, dHidden, dMatrix], dY }) => [() => mul(dHidden!, dY), () => mul(dMatrix!, dY), null],
})

type ChunkAttributes = { smoothing: { float: number }; softcap: { float: number } }
type Wanted = { V: number; wantsHidden: boolean; wantsMatrix: boolean }

/** One chunk: logits, loss, and where somebody wants them the gradients. `at` names a value of this chunk. */
function chunkNodes(at: (name: string) => string, matrix: string, given: ChunkAttributes, wanted: Wanted): OnnxNode[] {
  const nodes: OnnxNode[] = []
  const node = (op: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}) => {
    nodes.push({ ...onnxNode(op, inputs, [at(output)], attributes), name: at(output) })
    return at(output)
  }
  const number = (output: string, value: number) => node('Constant', [], output, { value_float: { float: value } })
  const list = (output: string, values: number[]) => node('Constant', [], output, { value_ints: values })
  const { float: smoothing } = given.smoothing
  const { float: softcap } = given.softcap

  let z = node('Gemm', [at('hidden'), matrix], 'product', { transB: 1 })
  if (softcap > 0) {
    const cap = number('cap', softcap)
    node('Tanh', [node('Div', [z, cap], 'scaled')], 'tanh')
    z = node('Mul', [at('tanh'), cap], 'capped')
  }
  const last = list('last', [-1])
  const p = node('Softmax', [z], 'softmax', { axis: -1 })
  const top = node('ReduceMax', [z, last], 'top', { keepdims: 1 })
  const likeliest = node('ReduceMax', [p, last], 'likeliest', { keepdims: 1 })
  const logSum = node('Sub', [top, node('Log', [likeliest], 'logLikeliest')], 'logSum') // [C, 1]
  const column = node('Unsqueeze', [at('labels'), last], 'column')
  const none = list('none', [0])
  const picked = node('Max', [column, none], 'picked')
  const counts = node('Cast', [node('GreaterOrEqual', [column, none], 'isLabel')], 'counts', { to: 1 }) // [C, 1]
  const right = number('right', 1 - smoothing)
  let loss = node('Sub', [logSum, node('GatherElements', [z, picked], 'logit', { axis: 1 })], 'nll')
  if (smoothing > 0) {
    const mean = node('ReduceMean', [z, last], 'meanLogit', { keepdims: 1 })
    const spread = node('Mul', [node('Sub', [logSum, mean], 'evenLoss'), number('even', smoothing)], 'spread')
    loss = node('Add', [node('Mul', [loss, right], 'sharp'), spread], 'smoothed')
  }
  node(
    'Add',
    [at('sum'), node('ReduceSum', [node('Mul', [loss, counts], 'counted')], 'chunkSum', { keepdims: 0 })],
    'newSum',
  )
  if (!wanted.wantsHidden && !wanted.wantsMatrix) return nodes

  const target = node('Expand', [node('Neg', [right], 'minus'), node('Shape', [picked], 'places')], 'target')
  let dz = node('ScatterElements', [p, picked, target], 'error', { axis: 1, reduction: 'add' })
  if (smoothing > 0) dz = node('Sub', [dz, number('share', smoothing / wanted.V)], 'smoothError')
  if (softcap > 0) {
    const slope = node('Sub', [number('one', 1), node('Mul', [at('tanh'), at('tanh')], 'tanh2')], 'slope')
    dz = node('Mul', [dz, slope], 'uncapped')
  }
  if (wanted.wantsHidden) node('Mul', [node('Gemm', [dz, matrix], 'dProduct'), counts], 'dHidden')
  if (wanted.wantsMatrix)
    node('Gemm', [dz, node('Mul', [at('hidden'), counts], 'counting'), at('dMatrix')], 'newDMatrix', { transA: 1 })
  return nodes
}

/**
 * Sum of the cross-entropies of hidden · matrixᵀ against labels: hidden [L, C, D], matrix [V, D], labels [L, C] int64
 * (`noLabel` where a chunk is not full). A sum and not a mean: who adds up micro-batches divides once by all their tokens.
 */
export const headLoss = (hidden: Value, matrix: Value, labels: Value, options: HeadLossOptions = {}): Value =>
  headLossOp([hidden, matrix, labels], {
    smoothing: { float: options.smoothing ?? 0 },
    softcap: { float: options.softcap ?? 0 },
  })[0]!
