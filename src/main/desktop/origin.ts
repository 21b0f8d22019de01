/** The one origin that the window shows. */

export const scheme = 'app'
export const origin = `${scheme}://studio`

/** Whether an address belongs to the studio's own page. Anything that cannot be parsed does not. */
export function isOwnAddress(address: string | undefined): boolean {
  if (address === undefined || !URL.canParse(address)) return false
  const { protocol, host } = new URL(address)
  return `${protocol}//${host}` === origin
}

/** The address to open in the person's browser, or null for anything but an http(s) address. */
export function externalAddress(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
}
