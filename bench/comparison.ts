/**
 * How the contenders compare: speed and memory as ratios, and whether they drew the same curve. fp32 must be the
 * peer's to 1e-3 in every step's loss; a quantized base is another function, so its curve is held to a share of the
 * fp32 one's.
 */
import { z } from 'zod'
import { isOurs, type OurName } from './contenders'
import { type Figures, largestDifference } from './summary'

const exact = { kind: 'absolute', bound: 1e-3 } as const
const int8 = { kind: 'relative', bound: 0.01 } as const
const fourBits = { kind: 'relative', bound: 0.05 } as const
const bounds: Record<OurName, { kind: 'absolute' | 'relative'; bound: number }> = {
  camelot: exact,
  'camelot-checkpointing': exact,
  'camelot-int8': int8,
  'camelot-int8-checkpointing': int8,
  'camelot-qlora': fourBits,
  'camelot-qlora-keeping': fourBits,
}

export const Agreement = z.object({
  name: z.string(),
  against: z.string(),
  kind: z.enum(['absolute', 'relative']),
  /** Of any step's loss; `relative` ones are shares of the other's loss. */
  largestDifference: z.number(),
  bound: z.number(),
  within: z.boolean(),
})
export type Agreement = z.infer<typeof Agreement>

/** Each of ours against the peer in fp32, or where it did not run, against our own fp32. */
export function agreements(figures: readonly Figures[]): Agreement[] {
  return figures.flatMap(({ name, losses }) => {
    const other = [find(figures, 'peer-fp32'), find(figures, 'camelot')].find((entry) => entry && entry.name !== name)
    if (!isOurs(name) || !other) return []
    const { kind, bound } = bounds[name]
    const [left, right] =
      kind === 'absolute'
        ? [losses, other.losses]
        : [losses.map((loss, i) => loss / (other.losses[i] ?? 0)), losses.map(() => 1)]
    const difference = largestDifference(left, right)
    return { name, against: other.name, kind, largestDifference: difference, bound, within: difference <= bound }
  })
}

export const Ratio = z.object({ what: z.string(), value: z.number() })
export type Ratio = z.infer<typeof Ratio>

/** Ours over the better of the peer's, and our smaller methods over our own LoRA in fp32. */
export function ratios(figures: readonly Figures[]): Ratio[] {
  const peers = figures.filter(({ name }) => !isOurs(name))
  const fastest = Math.max(...peers.map(({ tokensPerSecond }) => tokensPerSecond))
  const smallest = Math.min(...peers.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? []))
  const own = find(figures, 'camelot')
  return figures
    .filter(({ name }) => isOurs(name))
    .flatMap(({ name, title, tokensPerSecond, peakMemoryBytes }) => [
      { what: `${title}: tokens/s ÷ the faster peer's`, value: tokensPerSecond / fastest },
      { what: `${title}: peak memory ÷ the smaller peer's`, value: (peakMemoryBytes ?? Number.NaN) / smallest },
      ...(own && name !== own.name
        ? [
            { what: `${title}: tokens/s ÷ our fp32 LoRA's`, value: tokensPerSecond / own.tokensPerSecond },
            {
              what: `${title}: peak memory ÷ our fp32 LoRA's`,
              value: (peakMemoryBytes ?? Number.NaN) / (own.peakMemoryBytes ?? Number.NaN),
            },
          ]
        : []),
    ])
    .filter(({ value }) => Number.isFinite(value) && value > 0)
}

const find = (figures: readonly Figures[], name: string) => figures.find((entry) => entry.name === name)
