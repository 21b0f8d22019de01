/**
 * Reverse-mode automatic differentiation: one walk over the graph, from the loss back to what is trained.
 * Source: Baydin et al. 2018, "Automatic differentiation in machine learning: a survey", section 3.2.
 * The rules stand beside the ops; this walker decides which inputs need a gradient, sums broadcast dimensions back
 * and adds up what reaches a value along several paths.
 */
import { sameShape } from './shapes'
import { GraphError, type Node, topological, type Value, within } from './value'

/** What the walker itself must be able to build. Given by `ops`, which knows the primitives. */
export type Arithmetic = {
  one: () => Value
  add: (a: Value, b: Value) => Value
  /** Sums over the dimensions along which `value` was stretched from `shape`. */
  sumTo: (value: Value, shape: Value['shape']) => Value
}

/**
 * Gradients of the scalar `loss` with respect to `wanted`.
 * @throws GraphError naming op and place where a rule is missing, or where `wanted` does not influence the loss.
 */
export function gradientsWith(arithmetic: Arithmetic, loss: Value, wanted: readonly Value[]): Map<Value, Value> {
  if (loss.shape.length !== 0)
    throw new GraphError('gradients', '', `the loss must be a scalar, got [${loss.shape.join(', ')}]`)
  const of = pullBackWith(arithmetic, loss, arithmetic.one(), wanted)
  return new Map(wanted.map((value) => [value, of.get(value) ?? unreached(value)]))
}

/**
 * The vector-Jacobian product: what the gradient `dY` of `y` makes of each of `wanted`; nothing for those that do not
 * influence `y`.
 */
export function pullBackWith(
  arithmetic: Arithmetic,
  y: Value,
  dY: Value,
  wanted: readonly Value[],
): ReadonlyMap<Value, Value> {
  const order = topological([y])
  const needed = dependentsOf(wanted, order)
  const of = new Map<Value, Value>([[y, dY]])
  for (const node of order.reverse()) {
    const dYs = node.outputs.map((output) => of.get(output))
    if (dYs.some(Boolean) && node.inputs.some((value) => needed.has(value)))
      propagate(arithmetic, node, dYs, needed, of)
  }
  return of
}

/** Values that depend on one of `wanted`: the only ones whose gradient anybody needs. */
function dependentsOf(wanted: readonly Value[], order: readonly Node[]): Set<Value> {
  const needed = new Set(wanted)
  for (const node of order)
    if (node.inputs.some((value) => needed.has(value))) for (const output of node.outputs) needed.add(output)
  return needed
}

function propagate(
  arithmetic: Arithmetic,
  node: Node,
  dYs: readonly (Value | undefined)[],
  needed: Set<Value>,
  of: Map<Value, Value>,
) {
  const { primitive, inputs, outputs, attributes, place } = node
  const { gradient } = primitive
  if (!gradient) throw new GraphError(primitive.name, place, 'has no gradient rule')
  const rules = gradient({ inputs, outputs, attributes, dY: dYs[0]!, dYs })
  if (rules.length !== inputs.length)
    throw new GraphError(
      primitive.name,
      place,
      `its gradient rule has ${rules.length} entries for ${inputs.length} inputs`,
    )
  within(`${place}′`, () =>
    inputs.forEach((value, i) => {
      const build = rules[i]
      if (!build || !needed.has(value)) return
      const built = build()
      const gradientOfInput = sameShape(built.shape, value.shape) ? built : arithmetic.sumTo(built, value.shape)
      const sofar = of.get(value)
      of.set(value, sofar ? arithmetic.add(sofar, gradientOfInput) : gradientOfInput)
    }),
  )
}

function unreached(value: Value): never {
  const name = value.source?.kind === 'input' ? value.source.name : `value ${value.id}`
  throw new GraphError('gradients', '', `${name} does not influence the loss`)
}
