/**
 * Text of token ids that come one by one. A character of several bytes may be spread over several tokens; it is held
 * back until it is whole, so that the pieces joined are the text of all ids decoded at once.
 * Source of the byte alphabet: openai/gpt-2, `bytes_to_unicode`.
 */

export type TextStream = {
  /** Adds an id; answers the text that is certain now, often empty. */
  push(id: number): string
  /** What was held back: an unfinished character becomes U+FFFD. */
  end(): string
}

/** null for a token that shows no text. */
type TokenOf = (id: number) => string | null

/** For byte-level vocabularies: every letter of a token stands for one byte. */
export function decodeByTable(tokenOf: TokenOf): TextStream {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return {
    push(id) {
      const token = tokenOf(id)
      return token === null ? '' : decoder.decode(bytesOf(token), { stream: true })
    },
    end: () => decoder.decode(),
  }
}

/** For any other vocabulary: decodes a short window again, so that what stands before a token still shapes its text. */
export function decodeByWindow(tokenOf: TokenOf, join: (tokens: string[]) => string): TextStream {
  let context: string[] = []
  let pending: string[] = []
  const fresh = () => join([...context, ...pending]).slice(join(context).length)
  const emit = (text: string) => {
    context = pending
    pending = []
    return text
  }
  return {
    push(id) {
      const token = tokenOf(id)
      if (token !== null) pending.push(token)
      const text = pending.length === 0 ? '' : fresh()
      return text === '' || text.endsWith('\uFFFD') ? '' : emit(text)
    },
    end: () => (pending.length === 0 ? '' : emit(fresh())),
  }
}

const byteOfLetter = byteAlphabet()

/** A token with a letter outside the alphabet (an added token) stands for its own text. */
function bytesOf(token: string): Uint8Array {
  const bytes: number[] = []
  for (const letter of token) {
    const byte = byteOfLetter.get(letter)
    if (byte === undefined) return Buffer.from(token, 'utf8')
    bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

/** Bytes that print stand for themselves; the others, in order, for the letters from U+0100 on. */
function byteAlphabet(): Map<string, number> {
  const prints = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  const letters = new Map<string, number>()
  let others = 0
  for (let byte = 0; byte < 256; byte++) letters.set(String.fromCodePoint(prints(byte) ? byte : 256 + others++), byte)
  return letters
}
