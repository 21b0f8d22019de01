/** The gated feed-forward layer (Shazeer 2020): W_down (f(W_gate x) ⊙ W_up x). N tokens, D width, I inner width. */
import type { Value } from '../graph/value'
import { gated } from '../ops'
import type { Weights } from './weights'

export type GatedMlpShape = { width: number; inner: number; bias: boolean; activation: string }

/** x [N, D] → [N, D]. */
export function gatedMlp(weights: Weights, x: Value, { width, inner, bias, activation }: GatedMlpShape): Value {
  const wide = (name: string) => weights.linear(name, { inputs: width, outputs: inner, bias, stored: 'out-in' })(x)
  const inside = gated(activation, wide('gate_proj'), wide('up_proj')) // [N, I]
  return weights.linear('down_proj', { inputs: inner, outputs: width, bias, stored: 'out-in' })(inside)
}
