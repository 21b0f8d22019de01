/**
 * Packing: rows are put into sequences of at most `capacity` tokens, so that sequences are of nearly equal size. By best
 * fit, longest rows first: each goes where the least room is left over. Rows of a sequence do not see each other.
 * Source: TRL's strategy `bfd`; Ding et al. 2024, "Fewer truncations improve language modeling".
 */

/**
 * @param lengths of the rows, none above `capacity`
 * @returns the rows of each sequence, by their numbers. Sequences and their rows keep the rows' order as far as they can.
 */
export function packRows(lengths: readonly number[], capacity: number): number[][] {
  const sequences: number[][] = []
  /** The sequences that have just this much room. */
  const withRoom: number[][] = Array.from({ length: capacity + 1 }, () => [])
  const longestFirst = lengths.map((_, row) => row).sort((a, b) => lengths[b]! - lengths[a]! || a - b)
  for (const row of longestFirst) {
    const length = lengths[row]!
    let room = length
    while (room < capacity && withRoom[room]!.length === 0) room++
    const sequence = withRoom[room]!.pop() ?? sequences.push([]) - 1
    sequences[sequence]!.push(row)
    withRoom[room - length]!.push(sequence)
  }
  for (const rows of sequences) rows.sort((a, b) => a - b)
  return sequences.sort((a, b) => a[0]! - b[0]!)
}
