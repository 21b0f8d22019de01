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
  private shown: Progress | null = null
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
    this.endProgress()
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

  /** Shows the bar, under everything that is printed, until `endProgress`; shows nothing where nobody looks. */
  progress(progress: Progress) {
    if (!this.notes.isTTY) return
    this.shown = progress
    this.drawBar()
  }

  endProgress() {
    this.eraseBar()
    this.shown = null
  }

  private drawBar() {
    if (this.shown) this.notes.write(`\r${progressLine(this.shown, this.notes.columns ?? 80, this.notePaint)}\u001b[K`)
  }

  private eraseBar() {
    if (this.shown) this.notes.write('\r\u001b[K')
  }

  private print(lines: readonly string[]) {
    this.eraseBar()
    this.closeLine()
    if (lines.length > 0) this.output.write(`${lines.join('\n')}\n`)
    this.drawBar()
  }

  private say(line: string) {
    this.eraseBar()
    this.closeLine()
    this.notes.write(`${line}\n`)
    this.drawBar()
  }

  /** Ends a text that was streamed, so that what follows starts on a line of its own. */
  private closeLine() {
    if (this.lineOpen) this.output.write('\n')
    this.lineOpen = false
  }
}
