/** Points and the line through them as SVG, from zero up, so that straight looks straight. */
import { escaped, style } from './picture'
import type { PointSeries } from './scaling-figures'

const WIDTH = 720
const HEIGHT = 360
const frame = { left: 70, right: 690, top: 60, bottom: 290 }

export function scalingPicture({ title, points, intercept, slope }: PointSeries, note: string): string {
  const widest = Math.max(...points.map(({ x }) => x))
  const line = (x: number) => intercept + slope * x
  const highest = 1.1 * Math.max(...points.map(({ millisecondsPerToken }) => millisecondsPerToken), line(widest))
  const across = (x: number) => (frame.left + (x / widest) * (frame.right - frame.left)).toFixed(1)
  const up = (y: number) => (frame.bottom - (y / highest) * (frame.bottom - frame.top)).toFixed(1)
  const marks = points.map(
    ({ x, millisecondsPerToken: y }) => `<circle class="ours" cx="${across(x)}" cy="${up(y)}" r="5"/>
<text class="text" x="${across(x)}" y="${(Number(up(y)) - 12).toFixed(1)}" text-anchor="middle" font-size="11">${y.toPrecision(3)}</text>
<text class="quiet" x="${across(x)}" y="${frame.bottom + 18}" text-anchor="middle" font-size="11">${x}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13">
${style}
<rect class="page" width="100%" height="100%" rx="8"/>
<text class="text" x="20" y="34" font-size="16" font-weight="600">${escaped(title)}</text>
<line class="axis" x1="${frame.left}" y1="${frame.bottom}" x2="${frame.right}" y2="${frame.bottom}" stroke="#adb5bd"/>
<line x1="${across(0)}" y1="${up(line(0))}" x2="${across(widest)}" y2="${up(line(widest))}" stroke="#adb5bd" stroke-width="2" stroke-dasharray="6 4"/>
${marks.join('\n')}
<text class="quiet" x="20" y="${HEIGHT - 14}" font-size="11">${escaped(note)}</text>
</svg>
`
}
