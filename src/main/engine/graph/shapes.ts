/** Shape rules shared by the ops: broadcasting, products, axes. */
import type { Dimension, Shape, Value } from './value'

/** NumPy broadcasting over numbers and names; equal names are equal lengths, 1 stretches. */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1
    const y = b[b.length - rank + i] ?? 1
    if (x === y || y === 1) return x
    if (x === 1) return y
    throw new Error(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast: ${x} against ${y}`)
  })
}

export const sameShape = (a: Shape, b: Shape) => a.length === b.length && a.every((size, i) => size === b[i])

/** Axis counted from 0. */
export function axisOf(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis
  if (positive < 0 || positive >= rank) throw new Error(`axis ${axis} is outside of rank ${rank}`)
  return positive
}

/** The name of a product of dimensions; numbers multiply, names join with ·. */
export function times(dimensions: Shape): Dimension {
  let size = 1
  const names: string[] = []
  for (const dimension of dimensions) {
    if (typeof dimension === 'number') size *= dimension
    else names.push(...dimension.split('·'))
  }
  if (names.length === 0) return size
  const numbers = names.filter((name) => /^\d+$/.test(name)).map(Number)
  const factor = numbers.reduce((product, number) => product * number, size)
  const letters = names.filter((name) => !/^\d+$/.test(name)).sort()
  return [...(factor === 1 ? [] : [String(factor)]), ...letters].join('·')
}

export function expectRank(value: Value, rank: number, what: string) {
  if (value.shape.length !== rank)
    throw new Error(`${what} has rank ${value.shape.length} ([${value.shape.join(', ')}]), expected ${rank}`)
}

/** Size that must be a number, not a name. */
export function fixed(dimension: Dimension | undefined, what: string): number {
  if (typeof dimension !== 'number') throw new Error(`${what} must be a fixed size, got ${dimension}`)
  return dimension
}
