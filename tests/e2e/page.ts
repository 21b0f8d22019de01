/** What the tests do to any page of the studio: drop files as a hand would, and listen for complaints. */
import type { Page } from 'playwright-core'

/** Drags files or folders from outside over the middle of the window and lets go: real events of the browser engine. */
export async function dropFiles(page: Page, paths: string[]): Promise<void> {
  const [width, height] = await page.evaluate<[number, number]>('[innerWidth, innerHeight]')
  const session = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', {
      type,
      x: width / 2,
      y: height / 2,
      data: { items: [], files: paths, dragOperationsMask: 1 },
    })
  await session.detach()
}

/** Errors in the page's console, uncaught errors and failed answers, from now on. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`))
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`)
  })
  return complaints
}
