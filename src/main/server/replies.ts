/** What every answer carries, and how a refusal reads. */
import type { ServerResponse } from 'node:http'

/**
 * The window's policy: nothing from elsewhere, no code and no styles but its own files (what sets styles by script,
 * property by property, needs no more). `data:` and `blob:` pictures are allowed because charts are saved as pictures.
 */
const contentSecurityPolicy = (origin: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ${origin.replace(/^http/, 'ws')}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

export const pageHeaders = (origin: string): Record<string, string> => ({
  'content-security-policy': contentSecurityPolicy(origin),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
})

/** Ends the request with a plain sentence; one that was already answered in part is cut off. */
export function refuse(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`${sentence}\n`)
}
