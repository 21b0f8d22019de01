/**
 * To which part of a training step a traced node belongs, from the place where the graph built it: `transformer.h.0.mlp`
 * says where, a trailing ′ that it is a gradient, a leading ′ that it is built again on the way back.
 */
import { z } from 'zod'
import { operationsOf, type TracedNode, type TracedRun } from './trace'

/** Loops report themselves and what they run: only the latter counts. */
const isLoop = ({ op }: TracedNode) => op === 'Scan' || op === 'Loop' || op === 'If'
const leavesOf = ({ nodes }: TracedRun) => nodes.filter((node) => !isLoop(node))

/** Part and direction of a node in words; `rank` is the adapters'. */
export function partName(node: TracedNode, rank: number): string {
  const place = node.name.slice(0, node.name.lastIndexOf('/'))
  const direction = place.endsWith('′') ? 'backward' : place.startsWith('′') ? 'again' : 'forward'
  const part = partOf(place.replaceAll('′', ''), node, rank)
  return part === headAndLoss ? part : `${part}, ${direction}`
}

/** The loss makes its gradient at once. */
const headAndLoss = 'head and loss, both ways'

function partOf(place: string, node: TracedNode, rank: number): string {
  if (place === 'loss' || place.startsWith('loss/')) return headAndLoss
  if (/(^|\.)attention$/.test(place)) return 'attention'
  if (!/[a-z]/.test(place)) return 'norms, activations and sums'
  if (isBuiltBy('Dequantize', node)) return 'dequantizing frozen weights'
  return !isBuiltBy('Int8Product', node) && isAdapters(node, rank) ? 'adapters' : 'frozen linear layers'
}

/** A node's name ends in the op of the graph that it was made for. */
const isBuiltBy = (op: string, { name }: TracedNode) => name.slice(name.lastIndexOf('/') + 1).startsWith(`${op}_`)

/** A product through the rank, its scaling by a number, or its being added to the frozen layer's result. */
function isAdapters({ op, inputs, outputs, constantBytes }: TracedNode, rank: number): boolean {
  const narrow = [...inputs, ...outputs].some(({ sizes }) => sizes.includes(rank))
  if (narrow) return true
  if (op === 'Mul') return inputs.some(({ sizes }) => sizes.length === 0)
  return op === 'Add' && constantBytes === 0
}

export const StepShare = z.object({
  name: z.string(),
  nodes: z.number(),
  milliseconds: z.number(),
  /** Of the whole, 0 to 1. */
  share: z.number(),
  /** Multiplications and additions of its matrix products, in units of 1e9. */
  gigaOperations: z.number(),
})
export type StepShare = z.infer<typeof StepShare>

/** Time by whatever `key` says, the most first. */
export function shares(run: TracedRun, key: (node: TracedNode) => string): StepShare[] {
  const nodes = leavesOf(run)
  const whole = nodes.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const groups = new Map<string, StepShare>()
  for (const node of nodes) {
    const name = key(node)
    const group = groups.get(name) ?? { name, nodes: 0, milliseconds: 0, share: 0, gigaOperations: 0 }
    group.nodes++
    group.milliseconds += node.milliseconds
    group.share = group.milliseconds / whole
    group.gigaOperations += operationsOf(node) / 1e9
    groups.set(name, group)
  }
  return [...groups.values()].sort((a, b) => b.milliseconds - a.milliseconds)
}
