/** A model's output head: the matrix [V, D] that makes logits of hidden states, and what is done to them. */
import type { Value } from '../graph/value'
import { div, headLoss, matmul, mul, tanh } from '../ops'

export type Head = {
  /** [V, D]; of a tied head, the embedding. */
  matrix: Value
  /** Logits z become c · tanh(z / c) (Gemma 2). */
  softcap?: number | null
}

/** Hidden states [M, D] → logits [M, V]. */
export function logitsOf(hidden: Value, { matrix, softcap }: Head): Value {
  const logits = matmul(hidden, matrix, { transposeW: true })
  return softcap ? mul(tanh(div(logits, softcap)), softcap) : logits
}

/** Sum of the losses of hidden states [L, C, D] against labels [L, C]; see `headLoss`. */
export const lossOf = (hidden: Value, { matrix, softcap }: Head, labels: Value, smoothing = 0): Value =>
  headLoss(hidden, matrix, labels, { smoothing, softcap: softcap ?? null })
