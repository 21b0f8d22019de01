/** How far an op's float32 result may lie from the reference, relative to the larger of 1 and the value. */
export const tolerance = {
  /** Against the same formula in double precision; the reference erf itself is good to 1.5e-7. */
  forward: 2e-6,
  /** Against a central difference of step 2e-3, whose own error is of the order of step² and of float32's 1e-7 / step. */
  gradient: 2e-3,
}
