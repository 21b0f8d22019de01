/**
 * Every op: its forward value beside plain JavaScript, and its gradient along one random direction beside the central
 * difference, which costs two forward passes at any size. A primitive without a case fails the last test.
 */
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../data/random'
import { toModel } from '../graph/compile'
import { constant, type ElementType, input, type Shape, topological, type Value } from '../graph/value'
import { openSession, type TensorData } from '../runtime/session'
import * as ops from './index'
import { primitives } from './primitive'
import { tolerance } from './tolerances'

type Array1 = readonly number[]
type Feed = {
  shape: readonly number[]
  as?: Shape
  dtype?: ElementType
  values?: Array1
  positive?: boolean
  frozen?: boolean
}
type Case = {
  name: string
  feeds: Record<string, Feed>
  build: (inputs: Record<string, Value>) => Value
  /** The value in plain JavaScript; left out where another case covers the forward pass. */
  reference?: (inputs: Record<string, Array1>) => Array1
  /** Not differentiable: only the forward value is checked. */
  forwardOnly?: boolean
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1)
const each = (f: (x: number) => number) => (inputs: Record<string, Array1>) => inputs.x!.map(f)
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
/** Abramowitz and Stegun 7.1.26, to 1.5e-7. */
const erf = (x: number) => {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const poly = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  return Math.sign(x) * (1 - poly * Math.exp(-x * x))
}
const c = Math.sqrt(2 / Math.PI)
const rowsOf = (x: Array1, width: number) =>
  Array.from({ length: x.length / width }, (_, i) => x.slice(i * width, (i + 1) * width))
const softmax = (row: Array1) => {
  const top = Math.max(...row)
  const powers = row.map((x) => Math.exp(x - top))
  const total = powers.reduce((a, b) => a + b)
  return powers.map((x) => x / total)
}
const product = (a: Array1, b: Array1, m: number, k: number, n: number) =>
  Array.from({ length: m * n }, (_, i) => {
    let sum = 0
    for (let j = 0; j < k; j++) sum += a[Math.floor(i / n) * k + j]! * b[j * n + (i % n)]!
    return sum
  })
/** [rows, columns] → [columns, rows]. */
const flipped = (a: Array1, rows: number, columns: number) =>
  Array.from({ length: a.length }, (_, i) => a[(i % rows) * columns + Math.floor(i / rows)]!)

/** Bytes of two values each, in two blocks. */
const bytesOf = (bytes: Array1) => constant(bytes, [bytes.length], 'uint8')
const table = Array.from({ length: 512 }, (_, i) => Math.sin(i))
const scales = constant([2, -3], [2, 1])
const bytes = [7, 200, 33, 0, 255, 128, 9, 64]
const inBlocks = { bytes: bytesOf(bytes), table: constant(table, [256, 2]), scales }
const blockValues = bytes.flatMap((byte, i) => [0, 1].map((half) => table[2 * byte + half]! * (i < 4 ? 2 : -3)))
/** [inputs, outputs] = [3, 2]. */
const codes = [127, -127, 3, 100, -50, 1]
const eightBit = (dtype: 'int8' | 'uint8') => ({
  matrix: constant(
    codes.map((code) => (dtype === 'int8' ? code : code + 128)),
    [3, 2],
    dtype,
  ),
  scales: constant([0.5, -2]),
})

const x34: Record<string, Feed> = { x: { shape: [3, 4] } }
const layout = {
  // Rows of 3 and 2 tokens: the last place of the second row is empty (token number 5 = none).
  slots: { shape: [2, 3], dtype: 'int64', values: [0, 1, 2, 3, 4, 5], as: ['B', 'T'], frozen: true } as const,
  places: { shape: [5], dtype: 'int64', values: [0, 1, 2, 3, 4], as: ['N'], frozen: true } as const,
}

const elementwise: [string, (x: Value) => Value, (x: number) => number, boolean?][] = [
  ['neg', ops.neg, (x) => -x],
  ['exp', ops.exp, Math.exp],
  ['log', ops.log, Math.log, true],
  ['sqrt', ops.sqrt, Math.sqrt, true],
  ['tanh', ops.tanh, Math.tanh],
  ['sigmoid', ops.sigmoid, sigmoid],
  ['erf', ops.erf, erf],
  ['relu', ops.relu, (x) => Math.max(0, x)],
  ['square', ops.square, (x) => x * x],
  ['silu', ops.silu, (x) => x * sigmoid(x)],
  ['gelu', ops.gelu, (x) => (x / 2) * (1 + erf(x / Math.SQRT2))],
  ['geluTanh', ops.geluTanh, (x) => (x / 2) * (1 + Math.tanh(c * (x + 0.044715 * x ** 3)))],
]

const binary: [string, (a: Value, b: Value) => Value, (a: number, b: number) => number][] = [
  ['add', ops.add, (a, b) => a + b],
  ['sub', ops.sub, (a, b) => a - b],
  ['mul', ops.mul, (a, b) => a * b],
  ['div', ops.div, (a, b) => a / b],
]

const products = [false, true].flatMap((transposeX) =>
  [false, true].map(
    (transposeW): Case => ({
      name: `matmul${transposeX ? ' xᵀ' : ''}${transposeW ? ' wᵀ' : ''}, scaled`,
      feeds: { x: { shape: transposeX ? [4, 3] : [3, 4] }, w: { shape: transposeW ? [5, 4] : [4, 5] } },
      build: ({ x, w }) => ops.matmul(x!, w!, { transposeX, transposeW, scale: 0.7 }),
      reference: ({ x, w }) =>
        product(transposeX ? flipped(x!, 4, 3) : x!, transposeW ? flipped(w!, 5, 4) : w!, 3, 4, 5).map((v) => 0.7 * v),
    }),
  ),
)
const batched = [false, true].flatMap((transposeX) =>
  [false, true].map(
    (transposeW): Case => ({
      name: `batched matmul${transposeX ? ' xᵀ' : ''}${transposeW ? ' wᵀ' : ''}, broadcast`,
      feeds: {
        x: { shape: transposeX ? [2, 3, 4, 3] : [2, 3, 3, 4] },
        w: { shape: transposeW ? [3, 5, 4] : [3, 4, 5] },
      },
      build: ({ x, w }) => ops.matmul(x!, w!, { transposeX, transposeW, scale: 0.5 }),
      reference: ({ x, w }) =>
        [0, 1, 2, 3, 4, 5].flatMap((batch) => {
          const left = x!.slice(batch * 12, batch * 12 + 12)
          const right = w!.slice((batch % 3) * 20, (batch % 3) * 20 + 20)
          return product(
            transposeX ? flipped(left, 4, 3) : left,
            transposeW ? flipped(right, 5, 4) : right,
            3,
            4,
            5,
          ).map((v) => v / 2)
        }),
    }),
  ),
)

const cases: Case[] = [
  ...elementwise.map(
    ([name, f, plain, positive]): Case => ({
      name,
      feeds: { x: { shape: [3, 4], positive: positive ?? false } },
      build: ({ x }) => f(x!),
      reference: each(plain),
    }),
  ),
  ...binary.map(
    ([name, f, plain]): Case => ({
      name: `${name} with broadcasting`,
      feeds: { a: { shape: [2, 3, 4] }, b: { shape: [3, 1], positive: true } },
      build: ({ a, b }) => f(a!, b!),
      reference: ({ a, b }) => a!.map((value, i) => plain(value, b![Math.floor(i / 4) % 3]!)),
    }),
  ),
  ...(
    [
      ['silu', (x) => x * sigmoid(x)],
      ['gelu', (x) => (x / 2) * (1 + erf(x / Math.SQRT2))],
      ['gelu_new', (x) => (x / 2) * (1 + Math.tanh(c * (x + 0.044715 * x ** 3)))],
      ['relu', (x) => Math.max(0, x)],
    ] as [string, (x: number) => number][]
  ).map(
    ([name, f]): Case => ({
      name: `gated ${name}`,
      feeds: { gate: { shape: [3, 4], as: ['N', 4] }, up: { shape: [3, 4], as: ['N', 4] } },
      build: ({ gate, up }) => ops.gated(name, gate!, up!),
      reference: ({ gate, up }) => gate!.map((value, i) => f(value) * up![i]!),
    }),
  ),
  ...products,
  ...batched,
  {
    name: 'affine',
    feeds: { x: { shape: [3, 4], as: ['N', 4] }, w: { shape: [4, 5] }, b: { shape: [5] } },
    build: ({ x, w, b }) => ops.affine(x!, w!, b!),
    reference: ({ x, w, b }) => product(x!, w!, 3, 4, 5).map((value, i) => value + b![i % 5]!),
  },
  {
    name: 'affine, a whole matrix added to the scaled product',
    feeds: { x: { shape: [3, 4], as: ['N', 4] }, w: { shape: [5, 4] }, b: { shape: [3, 5], as: ['N', 5] } },
    build: ({ x, w, b }) => ops.affine(x!, w!, b!, { transposeW: true, scale: 0.7 }),
    reference: ({ x, w, b }) => product(x!, flipped(w!, 5, 4), 3, 4, 5).map((value, i) => 0.7 * value + b![i]!),
  },
  {
    name: 'fleetingProduct of a matrix in blocks of 8 that does not fill the last one',
    feeds: { x: { shape: [2, 5], as: ['N', 5] }, bias: { shape: [3] } },
    build: ({ x, bias }) => ops.fleetingProduct(x!, (after) => ops.dequantize(inBlocks, [3, 5], after), bias!),
    reference: ({ x, bias }) =>
      product(x!, flipped(blockValues.slice(0, 15), 3, 5), 2, 5, 3).map((y, i) => y + bias![i % 3]!),
  },
  {
    name: 'dequantize, one value to a byte',
    feeds: { x: { shape: [1], as: ['N'] } },
    forwardOnly: true,
    build: ({ x }) =>
      ops.dequantize(
        { bytes: bytesOf([2, 0, 1, 1]), table: constant(table.slice(0, 256), [256, 1]), scales },
        [4, 1],
        x!,
      ),
    reference: () => [2 * table[2]!, 2 * table[0]!, -3 * table[1]!, -3 * table[1]!],
  },
  ...(['int8', 'uint8'] as const).map(
    (dtype): Case => ({
      name: `int8Product of whole numbers, ${dtype}`,
      feeds: { x: { shape: [2, 3], as: ['N', 3], values: [127, -3, 5, 0.5, -1, 0.25] } },
      forwardOnly: true,
      build: ({ x }) => ops.int8Product(x!, eightBit(dtype)),
      reference: ({ x }) => {
        // The second row's steps are 1/127 wide: 0.5 is 63.5 of them, and a half goes to the even neighbour.
        const seen = [...x!.slice(0, 3), 64 / 127, -1, 32 / 127]
        return product(seen, codes, 2, 3, 2).map((y, i) => y * [0.5, -2][i % 2]!)
      },
    }),
  ),
  ...(['int8', 'uint8'] as const).map(
    (dtype): Case => ({
      name: `dequantizeInt8, ${dtype}`,
      feeds: { x: { shape: [1], as: ['N'] } },
      forwardOnly: true,
      build: ({ x }) => ops.dequantizeInt8(eightBit(dtype), x!),
      reference: () => codes.map((code, i) => code * [0.5, -2][i % 2]!),
    }),
  ),
  {
    name: 'late',
    feeds: { ...x34, after: { shape: [2], as: ['N'], frozen: true } },
    build: ({ x, after }) => ops.late(x!, after!),
    reference: ({ x }) => x!,
  },
  {
    name: 'rowNorms',
    feeds: x34,
    build: ({ x }) => ops.rowNorms(x!),
    reference: ({ x }) => rowsOf(x!, 4).map((row) => Math.hypot(...row)),
    forwardOnly: true,
  },
  {
    name: 'reshape',
    feeds: { x: { shape: [6, 4], as: ['N', 4] } },
    build: ({ x }) => ops.reshape(x!, ['N', 2, 2]),
    reference: each((x) => x),
  },
  {
    name: 'transpose',
    feeds: x34,
    build: ({ x }) => ops.transpose(x!, [1, 0]),
    reference: ({ x }) => flipped(x!, 3, 4),
  },
  { name: 'sum of all', feeds: x34, build: ({ x }) => ops.sum(x!), reference: ({ x }) => [x!.reduce((a, b) => a + b)] },
  {
    name: 'sum over an axis',
    feeds: { x: { shape: [3, 4], as: ['N', 4] } },
    build: ({ x }) => ops.sum(x!, [0]),
    reference: ({ x }) => [0, 1, 2, 3].map((column) => x![column]! + x![column + 4]! + x![column + 8]!),
  },
  {
    name: 'sum over the last axis, kept',
    feeds: x34,
    build: ({ x }) => ops.sum(x!, [-1], { keep: true }),
    reference: ({ x }) => rowsOf(x!, 4).map((row) => row.reduce((a, b) => a + b)),
  },
  {
    name: 'meanOfLast',
    feeds: { x: { shape: [3, 4], as: ['N', 4] } },
    build: ({ x }) => ops.meanOfLast(x!),
    reference: ({ x }) => rowsOf(x!, 4).map((row) => row.reduce((a, b) => a + b) / 4),
  },
  {
    name: 'expandLike',
    feeds: { x: { shape: [3, 1], as: ['N', 1] }, like: { shape: [3, 2], as: ['N', 2], frozen: true } },
    build: ({ x, like }) => ops.expandLike(x!, like!),
    reference: ({ x }) => x!.flatMap((value) => [value, value]),
  },
  {
    name: 'concat',
    feeds: { a: { shape: [2, 1] }, b: { shape: [2, 2] } },
    build: ({ a, b }) => ops.concat([a!, b!], 1),
    reference: ({ a, b }) => [a![0]!, b![0]!, b![1]!, a![1]!, b![2]!, b![3]!],
  },
  {
    name: 'split, of which one part is not used',
    feeds: { x: { shape: [2, 4], as: ['N', 4] } },
    build: ({ x }) => {
      const [first, , last] = ops.split(x!, 1, [1, 2, 1])
      return ops.mul(first!, last!)
    },
    reference: ({ x }) => [x![0]! * x![3]!, x![4]! * x![7]!],
  },
  {
    name: 'gather, with a row picked twice',
    feeds: {
      table: { shape: [4, 3] },
      ids: { shape: [3], dtype: 'int64', values: [2, 0, 2], as: ['N'], frozen: true },
    },
    build: ({ table, ids }) => ops.gather(table!, ids!),
    reference: ({ table }) => [2, 0, 2].flatMap((row) => table!.slice(row * 3, row * 3 + 3)),
  },
  {
    name: 'addRows, with a row hit twice',
    feeds: {
      table: { shape: [3, 2] },
      ids: { shape: [3], dtype: 'int64', values: [1, 1, 2], as: ['N'], frozen: true },
      rows: { shape: [3, 2], as: ['N', 2] },
    },
    build: ({ table, ids, rows }) => ops.addRows(table!, ids!, rows!),
    reference: ({ table: t, rows: r }) => [
      t![0]!,
      t![1]!,
      t![2]! + r![0]! + r![2]!,
      t![3]! + r![1]! + r![3]!,
      t![4]! + r![4]!,
      t![5]! + r![5]!,
    ],
  },
  {
    name: 'toRows',
    feeds: { x: { shape: [5, 2], as: ['N', 2] }, ...layout },
    build: ({ x, slots, places }) => ops.toRows(x!, { slots: slots!, places: places! }),
    reference: ({ x }) => [...x!, 0, 0],
  },
  {
    name: 'fromRows',
    feeds: { x: { shape: [2, 3, 2], as: ['B', 'T', 2] }, ...layout },
    build: ({ x, slots, places }) => ops.fromRows(x!, { slots: slots!, places: places! }),
    reference: ({ x }) => x!.slice(0, 10),
  },
  {
    name: 'softmax',
    feeds: x34,
    build: ({ x }) => ops.softmax(x!),
    reference: ({ x }) => rowsOf(x!, 4).flatMap(softmax),
  },
  {
    name: 'layerNorm',
    feeds: { x: { shape: [3, 4], as: ['N', 4] }, w: { shape: [4] }, b: { shape: [4] } },
    build: ({ x, w, b }) => ops.layerNorm(x!, w!, b!, 1e-5),
    reference: ({ x, w, b }) =>
      rowsOf(x!, 4).flatMap((row) => {
        const mean = row.reduce((a, v) => a + v) / 4
        const variance = row.reduce((a, v) => a + (v - mean) ** 2, 0) / 4
        return row.map((v, i) => ((v - mean) / Math.sqrt(variance + 1e-5)) * w![i]! + b![i]!)
      }),
  },
  ...[{}, { smoothing: 0.2 }, { softcap: 1.5 }, { smoothing: 0.1, softcap: 0.8 }].map(
    (options): Case => ({
      name: `headLoss ${JSON.stringify(options)}, the last chunk not full`,
      feeds: {
        hidden: { shape: [2, 2, 4], as: ['L', 'C', 4] },
        matrix: { shape: [5, 4] },
        labels: { shape: [2, 2], dtype: 'int64', values: [4, 0, 2, -1], as: ['L', 'C'], frozen: true },
      },
      build: ({ hidden, matrix, labels }) => ops.headLoss(hidden!, matrix!, labels!, options),
      reference: ({ hidden, matrix }) => {
        const logits = product(hidden!, flipped(matrix!, 5, 4), 4, 4, 5).map((z) =>
          options.softcap ? options.softcap * Math.tanh(z / options.softcap) : z,
        )
        const smoothing = options.smoothing ?? 0
        return [
          [4, 0, 2].reduce((sum, label, i) => {
            const logs = softmax(logits.slice(i * 5, i * 5 + 5)).map(Math.log)
            const even = logs.reduce((a, b) => a + b) / 5
            return sum - (1 - smoothing) * logs[label]! - smoothing * even
          }, 0),
        ]
      },
    }),
  ),
  {
    name: 'rmsNorm',
    feeds: { x: { shape: [3, 4], as: ['N', 4] }, w: { shape: [4] } },
    build: ({ x, w }) => ops.rmsNorm(x!, w!, 1e-5),
    reference: ({ x, w }) =>
      rowsOf(x!, 4).flatMap((row) => {
        const size = Math.sqrt(row.reduce((a, v) => a + v * v, 0) / 4 + 1e-5)
        return row.map((v, i) => (v / size) * w![i]!)
      }),
  },
  ...[4, 2].map(
    (turned): Case => ({
      name: `rotary, ${turned} of 4 values of 2 heads turned`,
      feeds: {
        x: { shape: [3, 8], as: ['N', 8] },
        angles: { shape: [3, turned / 2], as: ['N', turned / 2], frozen: true },
      },
      build: ({ x, angles }) => ops.rotary(x!, ops.cos(angles!), ops.sin(angles!), 4),
      reference: ({ x, angles }) =>
        rowsOf(x!, 8).flatMap((row, token) =>
          rowsOf(row, 4).flatMap((head) =>
            head.map((value, i) => {
              if (i >= turned) return value
              const half = turned / 2
              const angle = angles![token * half + (i % half)]!
              const other = i < half ? -head[i + half]! : head[i - half]!
              return value * Math.cos(angle) + other * Math.sin(angle)
            }),
          ),
        ),
    }),
  ),
  {
    name: 'splitEvenly and concat of parts whose size only the feeds tell',
    feeds: { x: { shape: [3, 4], as: [3, 'T'] } },
    build: ({ x }) => {
      const [first, second] = ops.splitEvenly(x!, 1, 2, 'Tb')
      return ops.sum(ops.concat([ops.square(second!), ops.tanh(first!), second!], 1, '3·Tb'), [1])
    },
    reference: ({ x }) =>
      rowsOf(x!, 4).map(([a, b, c, d]) => c! * c! + d! * d! + Math.tanh(a!) + Math.tanh(b!) + c! + d!),
  },
  {
    name: 'recomputed, with a weight of its own',
    feeds: { x: { shape: [3, 4], as: ['N', 4] }, w: { shape: [4, 4] } },
    build: ({ x, w }) => ops.recomputed([ops.tanh(x!)], (again) => ops.tanh(ops.matmul(again!, w!))),
    reference: ({ x, w }) => product(x!.map(Math.tanh), w!, 3, 4, 4).map(Math.tanh),
  },
  {
    name: 'where',
    feeds: { a: { shape: [3, 4] }, b: { shape: [4] } },
    build: ({ a, b }) => ops.where(ops.greater(a!, 0), a!, b!),
    reference: ({ a, b }) => a!.map((value, i) => (value > 0 ? value : b![i % 4]!)),
  },
  {
    name: 'comparisons and cast',
    feeds: { a: { shape: [3, 4] }, b: { shape: [3, 4] } },
    build: ({ a, b }) =>
      ops.add(ops.cast(ops.lessOrEqual(a!, b!), 'float32'), ops.cast(ops.greaterOrEqual(a!, 0), 'float32')),
    reference: ({ a, b }) => a!.map((value, i) => Number(value <= b![i]!) + Number(value >= 0)),
    forwardOnly: true,
  },
  {
    name: 'dropout, whose mask is the same forward and back',
    feeds: {
      x: { shape: [5, 4], as: ['N', 4] },
      seed: { shape: [1], dtype: 'uint32', values: [7], frozen: true },
      rows: { shape: [5], dtype: 'uint32', values: [0, 1, 2, 3, 4], as: ['N'], frozen: true },
    },
    build: ({ x, seed, rows }) => ops.dropout(x!, 0.4, 3, { seed: seed!, rows: rows! }),
  },
]

const epsilon = 2e-3

describe('op table', () => {
  for (const entry of cases) {
    it(`${entry.name}: value${entry.forwardOnly ? '' : ' and gradient'}`, async () => {
      const feeds = feedsOf(entry)
      const y = entry.build(inputsOf(entry))
      const value = await evaluate(y, feeds)
      if (entry.reference) close(value, entry.reference(plain(feeds)), tolerance.forward)
      if (!entry.forwardOnly) await checkGradient(entry, feeds, value.length)
    })
  }

  it('has a case for every primitive', () => {
    const used = new Set<string>()
    for (const entry of cases) {
      const inputs = inputsOf(entry)
      const y = entry.build(inputs)
      const wanted = trained(entry).map(([name]) => inputs[name]!)
      const all = entry.forwardOnly ? [y] : [y, ...ops.gradients(ops.sum(y), wanted).values()]
      for (const node of topological(all)) used.add(node.primitive.name)
    }
    expect([...primitives.keys()].filter((name) => !used.has(name))).toEqual([])
  })
})

describe('mistakes are named', () => {
  it('with op, place and sizes', () => {
    expect(() => ops.matmul(input('x', 'float32', [3, 64]), input('w', 'float32', [32, 8]))).toThrow(
      /MatMul: inner sizes differ, 64 and 32/,
    )
    expect(() => ops.add(input('x', 'float32', [3]), input('y', 'float32', [4]))).toThrow(
      /do not broadcast: 3 against 4/,
    )
    expect(() => ops.add(input('x', 'float32', ['N']), input('y', 'float32', ['M']))).toThrow(/N against M/)
    expect(() => ops.gradients(input('x', 'float32', [2]), [])).toThrow(/must be a scalar/)
    expect(() => ops.gradients(ops.sum(input('x', 'float32', [2])), [input('z', 'float32', [2])])).toThrow(
      /z does not influence/,
    )
  })
})

describe('dropout', () => {
  const count = 200
  const draw = async (seed: number, salt: number) => {
    const y = ops.dropout(input('x', 'float32', ['N', 50]), 0.3, salt, {
      seed: input('seed', 'uint32', [1]),
      rows: input('rows', 'uint32', ['N']),
    })
    return evaluate(y, {
      x: { data: new Float32Array(count * 50).fill(1), shape: [count, 50] },
      seed: { data: Uint32Array.of(seed), shape: [1] },
      rows: { data: Uint32Array.from({ length: count }, (_, i) => i), shape: [count] },
    })
  }
  it('drops the share it was asked to, keeps the mean, and repeats itself for a seed alone', async () => {
    const first = await draw(1, 1)
    const dropped = first.filter((value) => value === 0).length / first.length
    expect(dropped).toBeGreaterThan(0.28)
    expect(dropped).toBeLessThan(0.32)
    expect(first.reduce((a, b) => a + b) / first.length).toBeCloseTo(1, 1)
    expect(await draw(1, 1)).toEqual(first)
    for (const other of [await draw(2, 1), await draw(1, 2)]) {
      const alike = other.filter((value, i) => (value === 0) === (first[i] === 0)).length / first.length
      expect(alike).toBeGreaterThan(0.55)
      expect(alike).toBeLessThan(0.61) // 0.7² + 0.3² = 0.58 where they are independent
    }
  })
})

function inputsOf(entry: Case): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(entry.feeds).map(([name, { shape, as, dtype }]) => [
      name,
      input(name, dtype ?? 'float32', as ?? shape),
    ]),
  )
}

const trained = (entry: Case) => Object.entries(entry.feeds).filter(([, feed]) => !feed.frozen)

type Feeds = Record<string, { data: TensorData; shape: readonly number[] }>
function feedsOf(entry: Case): Feeds {
  const random = seededRandom(11, entry.name.length)
  return Object.fromEntries(
    Object.entries(entry.feeds).map(([name, { shape, dtype, values, positive }]) => {
      const draw = () => (positive ? 0.5 + random.fraction() : random.normal())
      const list = values ?? Array.from({ length: sizeOf(shape) }, draw)
      const data =
        dtype === 'int64'
          ? BigInt64Array.from(list, BigInt)
          : dtype === 'uint32'
            ? Uint32Array.from(list)
            : Float32Array.from(list)
      return [name, { data, shape }]
    }),
  )
}
const plain = (feeds: Feeds) =>
  Object.fromEntries(Object.entries(feeds).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]))

async function evaluate(value: Value, feeds: Feeds): Promise<number[]> {
  const model = toModel('case', { y: value })
  const used = new Set(model.inputs.map(({ name }) => name))
  const session = await openSession(model)
  const { y } = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => used.has(name))))
  await session.close()
  return Array.from(y!.data as Float32Array, Number)
}

/** d/dε Σ y(x + ε·direction)·weight beside Σ gradient·direction. */
async function checkGradient(entry: Case, feeds: Feeds, length: number) {
  const random = seededRandom(5, entry.name.length)
  const inputs = inputsOf(entry)
  const y = entry.build(inputs)
  const weight = Array.from({ length }, () => random.normal())
  const shape = y.shape.every((size) => typeof size === 'number') ? y.shape.map(Number) : null
  const weights = shape ? constant(weight, shape) : input('weights', 'float32', y.shape)
  const loss = ops.sum(ops.mul(y, weights))
  const names = trained(entry).map(([name]) => name)
  const gradients = ops.gradients(
    loss,
    names.map((name) => inputs[name]!),
  )
  const withWeights = { ...feeds, weights: { data: Float32Array.from(weight), shape: runtimeShape(entry, y, length) } }
  const directions = names.map((name) => Array.from({ length: feeds[name]!.data.length }, () => random.normal()))
  let along = 0
  for (const [i, name] of names.entries()) {
    const gradient = await evaluate(gradients.get(inputs[name]!)!, withWeights)
    expect(gradient.length).toBe(directions[i]!.length)
    along += gradient.reduce((sum, value, j) => sum + value * directions[i]![j]!, 0)
  }
  const at = async (step: number) => {
    const moved = Object.fromEntries(
      names.map((name, i) => {
        const { data, shape: own } = feeds[name]!
        return [
          name,
          {
            shape: own,
            data: Float32Array.from(data as Float32Array, (value, j) => value + step * directions[i]![j]!),
          },
        ]
      }),
    )
    const values = await evaluate(entry.build(inputsOf(entry)), { ...feeds, ...moved })
    return values.reduce((sum, value, j) => sum + value * weight[j]!, 0)
  }
  const difference = ((await at(epsilon)) - (await at(-epsilon))) / (2 * epsilon)
  expect(Math.abs(along - difference)).toBeLessThan(tolerance.gradient * Math.max(1, Math.abs(difference)))
}

/** The shape of y with its names replaced by what the feeds say. */
function runtimeShape(entry: Case, y: Value, length: number): number[] {
  const sizes = new Map<string, number>()
  for (const { shape, as } of Object.values(entry.feeds))
    as?.forEach((name, i) => {
      if (typeof name === 'string') sizes.set(name, shape[i]!)
    })
  const shape = y.shape.map((size) => (typeof size === 'number' ? size : sizes.get(size)!))
  expect(sizeOf(shape)).toBe(length)
  return shape
}

function close(actual: Array1, expected: Array1, limit: number) {
  expect(actual.length).toBe(expected.length)
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i]! - value), `element ${i}: ${actual[i]} beside ${value}`).toBeLessThan(
      limit * Math.max(1, Math.abs(value)),
    )
  })
}
