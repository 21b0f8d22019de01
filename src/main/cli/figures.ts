/** Numbers as a person reads them in a terminal. Decimal units, a dash for what is not known. */
import * as sizes from '../../shared/sizes'

const grouped = new Intl.NumberFormat('en-US')
export const unknown = '–'

export const count = (value: number | null) => (value === null ? unknown : grouped.format(Math.round(value)))
export const fixed = (value: number | null, digits = 4) => (value === null ? unknown : value.toFixed(digits))
/** Learning rates and their like: `2.00e-4`. */
export const scientific = (value: number) => (value === 0 ? '0' : value.toExponential(2))

/** For instance `3.2M` parameters. */
export function magnitude(value: number | null): string {
  if (value === null) return unknown
  const [divisor, unit] = value >= 1e9 ? [1e9, 'B'] : value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'K'] : [1, '']
  return unit === '' ? String(value) : `${(value / divisor).toPrecision(3)}${unit}`
}

/** For instance `14.2 MB` (a megabyte being a million bytes). */
export const bytes = (value: number | null): string => (value === null ? unknown : sizes.bytes(value))

/** Seconds as `0:42` or `1:02:03`. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return unknown
  const whole = Math.max(0, Math.round(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const padded = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(rest)}` : `${minutes}:${padded(rest)}`
}

/** `2025-03-01 14:05`, in the person's time zone. */
export function moment(iso: string | null): string {
  if (iso === null) return unknown
  const date = new Date(iso)
  const padded = (value: number) => String(value).padStart(2, '0')
  const day = [date.getFullYear(), padded(date.getMonth() + 1), padded(date.getDate())].join('-')
  return `${day} ${padded(date.getHours())}:${padded(date.getMinutes())}`
}

/** One row, or several: `1 row`, `240 rows`. */
export const plural = (value: number, noun: string) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`
