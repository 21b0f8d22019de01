/** The result as a picture: two rows of bars, speed and memory, drawn as SVG for a light or a dark page. */
import { isOurs } from './contenders'
import type { Figures } from './summary'

const WIDTH = 720
const LABEL = 240
const BAR = 24
const GAP = 10

/** Colours for a light and for a dark page. */
export const style = `<style>
  .page { fill: #ffffff } .text { fill: #1f2937 } .quiet { fill: #6b7280 } .ours { fill: #3b5bdb } .theirs { fill: #adb5bd }
  @media (prefers-color-scheme: dark) { .page { fill: #14161a } .text { fill: #e5e7eb } .quiet { fill: #9ca3af } .ours { fill: #748ffc } .theirs { fill: #5c636e } }
</style>`

export function picture(heading: string, note: string, figures: Figures[]): string {
  const speed = panel(
    'Real tokens per second, more is better',
    figures,
    (entry) => entry.tokensPerSecond,
    (value) => value.toFixed(0),
    64,
  )
  const memory = panel(
    'Peak memory of the process tree in GB, less is better',
    figures,
    (entry) => (entry.peakMemoryBytes ?? 0) / 1e9,
    (value) => value.toFixed(2),
    64 + speed.height + 24,
  )
  const height = 64 + speed.height + 24 + memory.height + 36
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="13">
${style}
<rect class="page" width="100%" height="100%" rx="8"/>
<text class="text" x="20" y="34" font-size="16" font-weight="600">${escaped(heading)}</text>
${speed.svg}
${memory.svg}
<text class="quiet" x="20" y="${height - 14}" font-size="11">${escaped(note)}</text>
</svg>
`
}

/** One title and a bar for each contender, from `top` downwards. */
function panel(
  title: string,
  figures: Figures[],
  value: (entry: Figures) => number,
  text: (value: number) => string,
  top: number,
) {
  const most = Math.max(...figures.map(value))
  const bars = figures.map((entry, index) => {
    const y = top + 20 + index * (BAR + GAP)
    const length = (value(entry) / most) * (WIDTH - LABEL - 90)
    const base = y + 17
    return `<text class="text" x="${LABEL - 10}" y="${base}" text-anchor="end">${escaped(entry.title)}</text>
<rect class="${isOurs(entry.name) ? 'ours' : 'theirs'}" x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="3"/>
<text class="text" x="${(LABEL + length + 8).toFixed(1)}" y="${base}" font-weight="600">${text(value(entry))}</text>`
  })
  const svg = `<text class="quiet" x="20" y="${top + 4}">${escaped(title)}</text>\n${bars.join('\n')}`
  return { svg, height: 20 + figures.length * (BAR + GAP) }
}

export const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
