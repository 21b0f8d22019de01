/** Sizes as file managers show them, in powers of ten: `14.2 MB`, `154 kB`, `999 B`. */

const units = ['B', 'kB', 'MB', 'GB', 'TB']

export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3))
  return `${trimmed(value / 1000 ** power)} ${units[power]}`
}

/** At most one decimal, where there are fewer than three digits before it. */
export const trimmed = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '')
