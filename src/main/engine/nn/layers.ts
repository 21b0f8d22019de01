/** The stack of a model's layers, each of which the backward pass may build again instead of keeping it. */
import type { Value } from '../graph/value'
import { recomputed } from '../ops'
import type { Tokens } from './tokens'
import type { Weights } from './weights'

/** x [N, D] through the layers, one after the other. */
export function throughLayers(
  layers: readonly Weights[],
  x: Value,
  tokens: Tokens,
  layer: (weights: Weights, x: Value, number: number) => Value,
): Value {
  return layers.reduce(
    (sofar, weights, number) =>
      tokens.recompute === 'layers'
        ? recomputed([sofar], (again) => layer(weights, again!, number))
        : layer(weights, sofar, number),
    x,
  )
}
