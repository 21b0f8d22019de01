/**
 * The five-minute tour of the README, done by hand's way in a real browser, with a picture of each place:
 * `npx tsx scripts/screenshots.ts [--output docs/images] [--theme light|dark] [--size 1440x900]`. Builds nothing; run `npm run build` first.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium, type Page } from 'playwright-core'
import { startHost } from '../tests/e2e/host'
import { chat, exportAdapter, goTo } from '../tests/e2e/journey'
import { complaintsOf } from '../tests/e2e/page'

const { values } = parseArgs({
  options: {
    output: { type: 'string', default: 'docs/images' },
    theme: { type: 'string', default: 'light' },
    size: { type: 'string', default: '1280x800' },
    browser: { type: 'string', default: process.env.CAMELOT_TEST_CHROMIUM ?? '/usr/bin/chromium' },
  },
})
const [width, height] = values.size.split('x').map(Number) as [number, number]
const question = 'Who keeps the bees of Camelot?'

const home = await mkdtemp(join(tmpdir(), 'camelot-tour-'))
const host = await startHost(home)
const browser = await chromium.launch({ executablePath: values.browser, args: ['--no-sandbox'] })
try {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: values.theme as 'light' | 'dark' })
  const complaints = complaintsOf(page)
  await mkdir(values.output, { recursive: true })
  await page.goto(host.url)
  await tour(page, (name) => page.screenshot({ path: join(values.output, `${name}.png`), animations: 'disabled' }))
  for (const complaint of complaints) console.error(`The page complained: ${complaint}`)
  if (complaints.length > 0) process.exitCode = 1
} finally {
  await browser.close()
  await host.stop()
  await rm(home, { recursive: true, force: true })
}

async function tour(page: Page, take: (name: string) => Promise<unknown>) {
  await goTo(page, 'Models')
  await page.getByRole('table').getByText('merlin-mini').first().waitFor()
  await take('models')
  await goTo(page, 'Datasets')
  await page.getByRole('table').getByText('Camelot facts').click()
  await page.getByText(question).first().waitFor()
  await take('dataset')
  await goTo(page, 'Train')
  await page.getByLabel('Estimate').getByRole('button', { name: 'Train' }).and(page.locator(':enabled')).waitFor()
  await take('train')
  await page.getByLabel('Estimate').getByRole('button', { name: 'Train' }).click()
  await page.waitForURL(/#\/runs\//)
  await page
    .getByText(/Step [2-9]\d\d/)
    .first()
    .waitFor({ timeout: 300_000 })
  await take('run')
  await page.getByText('Done', { exact: true }).first().waitFor({ timeout: 600_000 })
  await take('run-done')
  console.log(await chat(page, question))
  await take('chat')
  await exportAdapter(page)
  await page.getByRole('table').waitFor()
  await take('exports')
  await goTo(page, 'Runs')
  await page.getByRole('table').waitFor()
  await take('runs')
}
