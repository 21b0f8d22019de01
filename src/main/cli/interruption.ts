/**
 * Ctrl+C, and what else asks a command to end. The first asks, so that a run is saved; the second does not wait.
 * A reader who went away (a closed pipe) counts as the first.
 */
import { exitStatus } from './exit-status'

const echoMs = 500

export class Interruption {
  private askedAt = Number.NEGATIVE_INFINITY
  private readonly controller = new AbortController()
  readonly signal: AbortSignal = this.controller.signal
  /** True once nobody reads the output any more: then nothing is said about the interruption either. */
  unheard = false

  get asked(): boolean {
    return this.signal.aborted
  }

  /**
   * @param kill ends the process at once, children included
   * @param now a clock in milliseconds
   */
  constructor(
    private readonly kill: (status: number) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** npm hands on the Ctrl+C that the terminal has sent already, so an echo is not a second wish. */
  readonly ask = () => {
    if (!this.asked) {
      this.askedAt = this.now()
      this.controller.abort()
    } else if (this.now() - this.askedAt > echoMs) this.kill(exitStatus.interrupted)
  }

  readonly readerLeft = () => {
    this.unheard = true
    if (!this.asked) this.controller.abort()
  }

  /** Runs `act` when the person asks to end, and at once where it was asked before. */
  onAsked(act: () => void) {
    if (this.asked) act()
    else this.signal.addEventListener('abort', act, { once: true })
  }
}
