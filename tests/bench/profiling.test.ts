/** How a trace of ONNX Runtime becomes a profile. */
import { expect, it } from 'vitest'
import { partName, shares } from '../../bench/profile-parts'
import { operationsOf, runsOf, shortestOf } from '../../bench/trace'

/** A node's line as ONNX Runtime writes it. */
const line = (name: string, op: string, microseconds: number, inputs: number[][], output: number[], constant = 0) => ({
  cat: 'Node',
  pid: 1,
  dur: microseconds,
  name: `${name}_kernel_time`,
  args: {
    op_name: op,
    parameter_size: String(constant),
    input_type_shape: inputs.map((shape) => ({ float: shape })),
    output_type_shape: [{ float: output }],
    mem_bytes_in_use: '1000',
    mem_in_use_peak: '2000',
    mem_arena_held: '4096',
  },
})
const run = { cat: 'Session', name: 'model_run', dur: 9000 }
const place = 'model.layers.0.mlp.up_proj'
const frozen = (ms: number) =>
  line(
    `${place}/MatMul_1`,
    'Gemm',
    1000 * ms,
    [
      [10, 64],
      [64, 100],
    ],
    [10, 100],
    25_600,
  )
const narrow = (ms: number) =>
  line(
    `${place}′/MatMul_2`,
    'Gemm',
    1000 * ms,
    [
      [10, 64],
      [4, 64],
    ],
    [10, 4],
  )

it('reads the nodes of each run, and passes over everything else', () => {
  const other = { cat: 'Session', name: 'session_initialization', dur: 1 }
  const runs = runsOf([
    other,
    frozen(3),
    { cat: 'Node', name: 'a_fence_before', dur: 0, args: {} },
    run,
    frozen(5),
    run,
  ])
  expect(runs.map(({ nodes }) => nodes.length)).toEqual([1, 1])
  expect(runs[0]!.nodes[0]).toMatchObject({ name: `${place}/MatMul_1`, milliseconds: 3, arenaBytes: 4096 })
})

it('takes the shortest time of each node over equal runs, and refuses unequal ones', () => {
  const runs = runsOf([frozen(3), narrow(9), run, frozen(5), narrow(2), run])
  expect(shortestOf(runs).nodes.map(({ milliseconds }) => milliseconds)).toEqual([3, 2])
  expect(() => shortestOf(runsOf([frozen(3), run, narrow(2), run]))).toThrow(/differ/)
})

it('counts the operations of products, batched ones too', () => {
  const nodeOf = (...args: Parameters<typeof line>) => runsOf([line(...args), run])[0]!.nodes[0]!
  expect(operationsOf(nodeOf('a', 'Gemm', 1, [[10, 64], [64, 100], [100]], [10, 100]))).toBeCloseTo(2 * 10 * 64 * 100)
  expect(
    operationsOf(
      nodeOf(
        'a',
        'FusedMatMul',
        1,
        [
          [2, 3, 5, 7],
          [2, 3, 9, 7],
        ],
        [2, 3, 5, 9],
      ),
    ),
  ).toBeCloseTo(2 * 6 * 5 * 7 * 9)
  expect(operationsOf(nodeOf('a', 'Add', 1, [[5], [5]], [5]))).toBe(0)
})

it('tells adapters from the layers they wrap, and the way forward from the way back', () => {
  const names = ['loss/product', '′.attention/Softmax_3', '′.′.attention′/Mul_4', '/Gelu_5', '′/Mul_6']
  const lines = [
    frozen(1),
    narrow(1),
    ...names.map((name) =>
      line(
        name,
        'Mul',
        1,
        [
          [10, 64],
          [10, 64],
        ],
        [10, 64],
      ),
    ),
  ]
  const { nodes } = runsOf([...lines, run])[0]!
  expect(nodes.map((node) => partName(node, 4))).toEqual([
    'frozen linear layers, forward',
    'adapters, backward',
    'head and loss, both ways',
    'attention, again',
    'attention, backward',
    'norms, activations and sums, forward',
    'norms, activations and sums, backward',
  ])
})

it('tells what a quantized base costs from the adapters over it', () => {
  const scaling = (name: string) =>
    line(
      `${place}/${name}`,
      'Mul',
      1,
      [
        [16, 4],
        [16, 1],
      ],
      [16, 4],
    )
  const { nodes } = runsOf([scaling('Dequantize_7_10'), scaling('Int8Product_8_13'), scaling('MatMul_9'), run])[0]!
  expect(nodes.map((node) => partName(node, 4))).toEqual([
    'dequantizing frozen weights, forward',
    'frozen linear layers, forward',
    'adapters, forward',
  ])
})

it('does not count a loop beside what it runs', () => {
  const loop = line('/HeadLoss_1', 'Scan', 8000, [[2, 5, 64]], [])
  const [first, ...others] = shares(runsOf([frozen(6), narrow(2), loop, run])[0]!, ({ op }) => op)
  expect(first).toMatchObject({ name: 'Gemm', nodes: 2, milliseconds: 8, share: 1 })
  expect(others).toEqual([])
})
