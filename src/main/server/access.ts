/**
 * Who may talk to the browser host. Three checks on every request: the `Host` is ours (a foreign name that was pointed
 * at this machine is not), the `Origin`, where there is one, is ours, and the cookie is the one the token was exchanged
 * for. Sources: RFC 6454 (origin), RFC 6265bis (SameSite), OWASP on DNS rebinding.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { hostname } from 'node:os'

export type Access = ReturnType<typeof createAccess>

const secret = () => randomBytes(32).toString('base64url')

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::'
const inUrl = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host)

export function createAccess(host: string, port: number, token: string = secret()) {
  const session = secret()
  // Cookies do not tell ports apart: with the port in its name, two studios do not sign each other out.
  const cookieName = `camelot-${port}`
  const origin = `http://${inUrl(isWildcard(host) ? '127.0.0.1' : host)}:${port}`

  /** Whether the authority (`host:port`) names this server. */
  function names(authority: string): boolean {
    const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+):(\d+)$/i.exec(
      port === 80 && !/:\d+$/.test(authority) ? `${authority}:80` : authority,
    )
    if (!match || Number(match[2]) !== port) return false
    const name = match[1]!.replace(/^\[|\]$/g, '').toLowerCase()
    if (name === host.toLowerCase()) return true
    if (isLoopback(host)) return isLoopback(name)
    // A rebound name is never an address, so that any address will do where we listen on all of them.
    return isWildcard(host) && (isIP(name) !== 0 || name === 'localhost' || name === hostname().toLowerCase())
  }

  const originAllowed = ({ headers }: IncomingMessage): boolean =>
    headers.origin === undefined ||
    (headers.origin === `http://${headers.host}` && names(headers.origin.slice('http://'.length)))

  return {
    token,
    origin,
    cookie: `${cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/`,
    tokenIs: (given: string): boolean => same(given, token),
    hostAllowed: ({ headers }: IncomingMessage): boolean => headers.host !== undefined && names(headers.host),
    originAllowed,
    /** What changes anything must say where it comes from. */
    originGiven: (request: IncomingMessage): boolean => request.headers.origin !== undefined && originAllowed(request),
    signedIn: ({ headers }: IncomingMessage): boolean =>
      (headers.cookie ?? '')
        .split(';')
        .map((pair) => pair.trim().split('='))
        .some(([name, value]) => name === cookieName && same(value ?? '', session)),
  }
}

/** Compares in a time that does not depend on where the two differ, or on their lengths. */
function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
