// Command-line values of the rebuild scripts.

/** Parses a whole number ≥ 0, or says which option is wrong. */
export function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option}: expected a whole number, got "${text}"`)
  return Number(text)
}
