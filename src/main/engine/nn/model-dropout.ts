/** The dropout that a model's own configuration names, applied where a run asks for it. */
import type { Value } from '../graph/value'
import { dropout } from '../ops'
import type { Tokens } from './tokens'

/** Model dropout's places are numbered apart from the adapters' and from attention's. */
const firstSalt = 1_000_000

/** x [N, D] with dropout of probability p. `place` tells the places of a model apart: one of its own for each. */
export const modelDropped = (x: Value, p: number, place: number, { randomness, modelDropout }: Tokens): Value =>
  randomness && modelDropout && p > 0 ? dropout(x, p, firstSalt + place, randomness) : x
