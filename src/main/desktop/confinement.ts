/** Keeps the window to its own page: no navigation away, no new windows, no permissions but writing to the clipboard. */
import { app, session, shell, type WebContents } from 'electron'
import { externalAddress, isOwnAddress } from './origin'

/** The copy buttons write text; everything else a page can ask for is refused. */
const granted = new Set(['clipboard-sanitized-write'])

export function confinePages(): void {
  app.on('web-contents-created', (_event, contents) => confine(contents))
  session.defaultSession.setPermissionRequestHandler((contents, permission, answer) =>
    answer(granted.has(permission) && isOwnAddress(contents.getURL())),
  )
  session.defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin) => granted.has(permission) && isOwnAddress(origin),
  )
}

function confine(contents: WebContents) {
  const stayHere = (event: { preventDefault(): void }, address: string) => {
    if (isOwnAddress(address)) return
    event.preventDefault()
    openOutside(address)
  }
  contents.on('will-navigate', stayHere)
  contents.on('will-redirect', stayHere)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url)
    return { action: 'deny' }
  })
}

/** A web address that the person clicked goes to their own browser; anything else goes nowhere. */
function openOutside(address: string) {
  const external = externalAddress(address)
  if (external !== null) shell.openExternal(external).catch((error) => console.error(`${external}: ${error.message}`))
}
