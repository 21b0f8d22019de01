/** Small choices that outlive a reload (a slider, an open panel), kept in the browser's own storage. */
import { useCallback, useState } from 'react'

/** Like `useState`, but remembered under `key`. `parse` guards against what an older version may have left there. */
export function useRemembered<T>(key: string, initial: T, parse: (value: unknown) => T | null): [T, (next: T) => void] {
  const [value, setValue] = useState<T>(() => recall(key, parse) ?? initial)
  const keep = useCallback(
    (next: T) => {
      setValue(next)
      remember(key, next)
    },
    [key],
  )
  return [value, keep]
}

export function recall<T>(key: string, parse: (value: unknown) => T | null): T | null {
  try {
    const text = localStorage.getItem(`camelot.${key}`)
    return text === null ? null : parse(JSON.parse(text))
  } catch {
    return null
  }
}

export function remember(key: string, value: unknown): void {
  try {
    localStorage.setItem(`camelot.${key}`, JSON.stringify(value))
  } catch {
    // A full or forbidden storage costs the memory of a choice, nothing else.
  }
}

export const asBoolean = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)
export const asNumberIn =
  (least: number, most: number) =>
  (value: unknown): number | null =>
    typeof value === 'number' && value >= least && value <= most ? value : null
