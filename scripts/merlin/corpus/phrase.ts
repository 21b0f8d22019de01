// Finishing touches on generated English: articles, capitals, spaces, lists.

/** Words that begin with a vowel letter and yet take "a", or the other way round. */
const soundsLikeConsonant = /^(uni|use|usu|eu|one\b|once|ubi|ew)/i
const soundsLikeVowel = /^(hour|honest|honou?r|heir)/i

/** "a" before a vowel sound becomes "an". */
export function fixArticles(text: string): string {
  return text.replace(/\b([Aa])n? (?=(["']?[A-Za-z]+))/g, (whole, article: string, next: string) => {
    const word = next.replace(/^["']/, '')
    if (whole.length === 2 && /^[A-Z]$/.test(article) && /^[A-Z]/.test(word)) return whole
    const vowel = soundsLikeVowel.test(word) || (/^[aeiou]/i.test(word) && !soundsLikeConsonant.test(word))
    return `${article}${vowel ? 'n' : ''} `
  })
}

export const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** Collapses doubled spaces, removes spaces before punctuation, capitalises sentences. */
export function tidy(text: string): string {
  return fixArticles(text)
    .replace(/ {2,}/g, ' ')
    .replace(/ +([,.;:!?])(?=\s|$|")/g, '$1')
    .replace(/ +\n/g, '\n')
    .replace(/(^|[.!?] |\n)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/((?:^|[.!?]"? |\n)")([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/\bin (the (?:\w+ )?(?:island|beach|hill|farm|crossroads|bridge|ferry landing|playground)\b)/g, 'on $1')
    .trim()
}

/** "a", "a and b", "a, b and c". */
export function joined(items: readonly string[], conjunction = 'and'): string {
  if (items.length < 2) return items.join('')
  return `${items.slice(0, -1).join(', ')} ${conjunction} ${items.at(-1)}`
}
