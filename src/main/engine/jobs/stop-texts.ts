/**
 * Stopping at texts. A stop text may be spread over several tokens, so what could be its beginning is held back until
 * it is decided; neither a stop text nor a part of one is ever given out.
 */

export type StopMatcher = {
  /** Adds text; answers what is certain, and whether a stop text was found (then nothing more comes). */
  push(text: string): { text: string; stopped: boolean }
  /** What was held back, once no more text comes. */
  end(): string
}

/** @param stops texts of at least one character; the one that begins first ends the text */
export function stopMatcher(stops: readonly string[]): StopMatcher {
  let held = ''
  let stopped = false
  return {
    push(text) {
      if (stopped) return { text: '', stopped }
      held += text
      const found = firstOf(held, stops)
      stopped = found >= 0
      const certain = stopped ? found : held.length - openEnd(held, stops)
      const given = held.slice(0, certain)
      held = stopped ? '' : held.slice(certain)
      return { text: given, stopped }
    },
    end() {
      const rest = held
      held = ''
      return rest
    },
  }
}

/** Where the first stop text begins, or −1. */
function firstOf(text: string, stops: readonly string[]): number {
  const places = stops.map((stop) => text.indexOf(stop)).filter((place) => place >= 0)
  return places.length === 0 ? -1 : Math.min(...places)
}

/** Length of the longest end of the text that begins a stop text. */
function openEnd(text: string, stops: readonly string[]): number {
  const longest = Math.min(text.length, Math.max(0, ...stops.map((stop) => stop.length - 1)))
  for (let length = longest; length > 0; length--) {
    const end = text.slice(-length)
    if (stops.some((stop) => stop.startsWith(end))) return length
  }
  return 0
}
