/**
 * Reads what ONNX Runtime writes when it profiles a session: for every node of every run its time, the shapes it
 * worked on, and the memory in use behind it. Source: ONNX Runtime's own trace (Chrome's trace event format), as
 * `enableProfiling` leaves it.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const kernelTime = '_kernel_time'
const bytes = z.coerce.number()
const Shapes = z.array(z.record(z.string(), z.array(z.number())))
const NodeEvent = z.object({
  cat: z.literal('Node'),
  name: z.string().endsWith(kernelTime),
  dur: z.number(),
  args: z.object({
    op_name: z.string(),
    parameter_size: bytes,
    input_type_shape: Shapes,
    output_type_shape: Shapes,
    mem_bytes_in_use: bytes.optional(),
    mem_in_use_peak: bytes.optional(),
    mem_arena_held: bytes.optional(),
  }),
})
const RunEvent = z.object({ cat: z.literal('Session'), name: z.literal('model_run'), dur: z.number() })
/** The lines of a trace that say something to us; all others are passed over. */
const Event = z.union([NodeEvent, RunEvent])

type TraceShape = { type: string; sizes: readonly number[] }
export type TracedNode = {
  /** The node's name in the graph: the place where it was built, a slash, and the op. */
  name: string
  op: string
  milliseconds: number
  inputs: readonly TraceShape[]
  outputs: readonly TraceShape[]
  /** Bytes of constant inputs: frozen weights. */
  constantBytes: number
  /** Bytes that ONNX Runtime's arena has handed out when the node is done, and has taken from the system. */
  bytesInUse: number
  peakBytesInUse: number
  arenaBytes: number
}
export type TracedRun = { milliseconds: number; nodes: readonly TracedNode[] }

/** The runs of a session, from its trace. */
export function readTrace(file: string): TracedRun[] {
  return runsOf(z.array(z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8'))))
}

/** A run's own line comes after those of its nodes. */
export function runsOf(events: readonly unknown[]): TracedRun[] {
  const runs: TracedRun[] = []
  let nodes: TracedNode[] = []
  for (const event of events) {
    const parsed = Event.safeParse(event).data
    if (parsed?.cat === 'Node') nodes.push(nodeOf(parsed))
    else if (parsed?.cat === 'Session') {
      runs.push({ milliseconds: parsed.dur / 1000, nodes })
      nodes = []
    }
  }
  return runs
}

function nodeOf({ name, dur, args }: z.infer<typeof NodeEvent>): TracedNode {
  return {
    name: name.slice(0, -kernelTime.length),
    op: args.op_name,
    milliseconds: dur / 1000,
    inputs: shapesOf(args.input_type_shape),
    outputs: shapesOf(args.output_type_shape),
    constantBytes: args.parameter_size,
    bytesInUse: args.mem_bytes_in_use ?? 0,
    peakBytesInUse: args.mem_in_use_peak ?? 0,
    arenaBytes: args.mem_arena_held ?? 0,
  }
}

const shapesOf = (entries: z.infer<typeof Shapes>): TraceShape[] =>
  entries.flatMap((entry) => Object.entries(entry).map(([type, sizes]) => ({ type, sizes })))

/**
 * Multiplications and additions of a matrix product, from its shapes alone: with A [M, K], B [K, N] and Y [M, N],
 * |A|·|B|·|Y| = (M·K·N)². Batched products share their leading dimensions. 0 for every other op.
 */
export function operationsOf({ op, inputs, outputs }: TracedNode): number {
  if (!/Gemm|MatMul/.test(op)) return 0
  const [a, b] = inputs
  const y = outputs[0]
  if (!a || !b || !y) return 0
  const batch = sizeOf(y.sizes.slice(0, -2))
  return 2 * Math.sqrt((sizeOf(a.sizes) * sizeOf(b.sizes) * sizeOf(y.sizes)) / batch)
}

const sizeOf = (sizes: readonly number[]) => sizes.reduce((product, size) => product * size, 1)

/**
 * Equal runs as one: each node's shortest time, so that what another program took from one run does not count. A
 * node that a loop runs several times keeps each of its turns.
 * @throws Error where the runs are not equal.
 */
export function shortestOf(runs: readonly TracedRun[]): TracedRun {
  const first = runs[0]
  if (!first) throw new Error('The trace holds no run.')
  const same = ({ nodes }: TracedRun) =>
    nodes.length === first.nodes.length && nodes.every(({ name }, i) => name === first.nodes[i]!.name)
  if (!runs.every(same)) throw new Error('The runs of the trace differ: they must be of one batch.')
  const nodes = first.nodes.map((node, i) => ({
    ...node,
    milliseconds: Math.min(...runs.map((run) => run.nodes[i]!.milliseconds)),
    peakBytesInUse: Math.max(...runs.map((run) => run.nodes[i]!.peakBytesInUse)),
    arenaBytes: Math.max(...runs.map((run) => run.nodes[i]!.arenaBytes)),
  }))
  return { milliseconds: Math.min(...runs.map(({ milliseconds }) => milliseconds)), nodes }
}
