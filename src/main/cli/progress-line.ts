/** One line that shows how far something is, cut to the terminal's width. */
import type { Paint } from './paint'

export type Progress = {
  /** Done so far and in all, in any unit; `total` 0 while it is not known. */
  done: number
  total: number
  /** What is counted or happens, before the bar. */
  label: string
  /** Figures after the bar. */
  figures: readonly string[]
}

const barWidth = 24

export function progressLine({ done, total, label, figures }: Progress, columns: number, paint: Paint): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0
  const filled = Math.round(share * barWidth)
  const percent = `${Math.floor(share * 100)} %`.padStart(5)
  const words = [label, '█'.repeat(filled) + '░'.repeat(barWidth - filled), percent, ...figures]
  const kept = fitting(words, columns - 1)
  return kept.map((word, at) => (at === 1 ? paint.accent(word) : word)).join('  ')
}

/** As many whole words as fit, the label at least. */
function fitting(words: readonly string[], width: number): string[] {
  const kept: string[] = []
  for (const word of words) {
    if (kept.length > 0 && [...kept, word].join('  ').length > width) break
    kept.push(word)
  }
  return kept
}
