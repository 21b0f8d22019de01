/** Numbers, sizes and times as people read them. */
import { trimmed } from '../../shared/sizes'

export { bytes } from '../../shared/sizes'

const grouped = new Intl.NumberFormat('en-US')

/** 12,345. */
export const count = (value: number): string => grouped.format(Math.round(value))

/** 4.2M, 124M, 1.3B: parameters of a model. */
export function magnitude(value: number): string {
  for (const [size, unit] of [
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const)
    if (value >= size) return `${trimmed(value / size)}${unit}`
  return count(value)
}

/** "1 row", "2 rows". */
export const plural = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`

/** 42 s, 3 min 5 s, 2 h 10 min. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

/** An estimate: no seconds where minutes are uncertain. */
export const about = (seconds: number): string =>
  `about ${duration(seconds < 90 ? seconds : 60 * Math.round(seconds / 60)).replace(/ 0 s$/, '')}`

/** A loss: four decimals, or scientific where that says nothing. */
export function loss(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toFixed(4)
}

/** 2e-4 stays 2e-4, 0.01 stays 0.01; up to four significant digits. */
export function compact(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e6)
    return value
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e')
  return String(Number(value.toPrecision(4)))
}

/** 12.4, 812, 1,204 tokens a second. */
export const speed = (value: number): string => (value < 100 ? value.toFixed(1) : count(value))

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const clockSeconds = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

/** "14:02" today, "3 May, 14:02" before. */
export function moment(iso: string, now = new Date()): string {
  const then = new Date(iso)
  const time = clock.format(then)
  return then.toDateString() === now.toDateString() ? time : `${day.format(then)}, ${time}`
}

export const timeOfDay = (iso: string): string => clockSeconds.format(new Date(iso))
