/** Colours for a terminal, and none for anything else. Source: ECMA-48, https://no-color.org. */

export type Paint = Record<'bold' | 'dim' | 'accent' | 'good' | 'warning' | 'bad', (text: string) => string>

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  accent: [36, 39],
  good: [32, 39],
  warning: [33, 39],
  bad: [31, 39],
} as const

/** Colours only where the stream is a terminal that can show them and the person has not asked for none. */
export function paintFor(stream: { isTTY?: boolean }, environment: NodeJS.ProcessEnv): Paint {
  const coloured = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb'
  const entries = Object.entries(codes).map(([name, [on, off]]) => [
    name,
    (text: string) => (coloured ? `\u001b[${on}m${text}\u001b[${off}m` : text),
  ])
  return Object.fromEntries(entries) as Paint
}
