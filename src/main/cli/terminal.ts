/**
 * Where a command's words go. Results go to standard output, as JSON lines or as readable text; everything said to
 * the person besides goes to standard error, with a progress bar where that is a terminal.
 */
import { type Paint, paintFor } from './paint'
import { type Progress, progressLine } from './progress-line'

export type Stream = { write(text: string): unknown; isTTY?: boolean; columns?: number }

export class Terminal {
  readonly paint: Paint
  private readonly notePaint: Paint
  private barShown = false
  private lineOpen = false

  constructor(
    readonly json: boolean,
    private readonly output: Stream,
    private readonly notes: Stream,
    environment: NodeJS.ProcessEnv,
  ) {
    this.paint = paintFor(output, environment)
    this.notePaint = paintFor(notes, environment)
  }

  /** One result: a JSON line with `--json`, else its readable lines. */
  result(value: unknown, readable: (paint: Paint) => readonly string[]) {
    this.print(this.json ? [JSON.stringify(value)] : readable(this.paint))
  }

  /** Readable lines alone. Says nothing with `--json`. */
  lines(readable: (paint: Paint) => readonly string[]) {
    if (!this.json) this.print(readable(this.paint))
  }

  /** A piece of a text that is still growing. */
  piece(text: string) {
    this.hideBar()
    this.output.write(text)
    this.lineOpen = text === '' ? this.lineOpen : !text.endsWith('\n')
  }

  /** Says something to the person, whatever the form of the results. */
  note(sentence: string) {
    this.say(this.notePaint.dim(sentence))
  }

  warn(sentence: string) {
    this.say(`${this.notePaint.warning('warning:')} ${sentence}`)
  }

  complain(sentence: string) {
    this.say(`${this.notePaint.bad('camelot:')} ${sentence}`)
  }

  /** Draws the bar anew; draws nothing where nobody looks. */
  progress(progress: Progress) {
    if (!this.notes.isTTY) return
    this.notes.write(`\r${progressLine(progress, this.notes.columns ?? 80, this.notePaint)}\u001b[K`)
    this.barShown = true
  }

  hideBar() {
    if (this.barShown) this.notes.write('\r\u001b[K')
    this.barShown = false
  }

  private print(lines: readonly string[]) {
    this.hideBar()
    this.closeLine()
    if (lines.length > 0) this.output.write(`${lines.join('\n')}\n`)
  }

  private say(line: string) {
    this.hideBar()
    this.closeLine()
    this.notes.write(`${line}\n`)
  }

  /** Ends a text that was streamed, so that what follows starts on a line of its own. */
  private closeLine() {
    if (this.lineOpen) this.output.write('\n')
    this.lineOpen = false
  }
}
