/** A profile as tables for people: time by part of the model, time by op, and memory. */

import type { z } from 'zod'
import type { StepShare } from './profile-parts'
import type { ProfileResult } from './result-files'

type Profile = Pick<z.infer<typeof ProfileResult>, 'parts' | 'ops' | 'memory'>

export const profileTables = ({ parts, ops, memory }: Profile): string[][][] => [
  timeTable('part of the step', parts),
  timeTable('op', ops),
  [['memory at the peak', 'MB'], ...memory.map(({ what, bytes }) => [what, (bytes / 1e6).toFixed(0)])],
]

const timeTable = (heading: string, rows: readonly StepShare[]): string[][] => [
  [heading, 'nodes', 'ms', 'share', 'GFLOP', 'GFLOP/s'],
  ...rows.map(({ name, nodes, milliseconds, share, gigaOperations }) => [
    name,
    String(nodes),
    milliseconds.toFixed(0),
    `${(100 * share).toFixed(1)} %`,
    gigaOperations >= 1 ? gigaOperations.toFixed(0) : '',
    gigaOperations >= 1 ? ((1000 * gigaOperations) / milliseconds).toFixed(0) : '',
  ]),
]
