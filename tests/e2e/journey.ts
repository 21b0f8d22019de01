/**
 * A person's way through the window, the same in a browser and in Electron: every step is done by what is seen on the
 * page, and waits for what the person would wait for.
 */
import { resolve } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { root } from './host'
import { dropFiles } from './page'

/** A tiny random GPT-2: it learns nothing worth reading, and makes a step in a few milliseconds. */
export const model = { folder: resolve(root, 'tests/fixtures/gpt2-tiny/model'), name: 'model' }
export const dataset = { file: resolve(root, 'tests/fixtures/gpt2-tiny/rows.jsonl'), name: 'rows' }

/** Steps between two lines of the log. */
export const loggedEvery = 4

/** Longer than any test: a run that has to be stopped. */
const endless = 1_000_000

export async function goTo(page: Page, place: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: place }).click()
  await page.getByRole('heading', { name: place, exact: true }).first().waitFor()
}

/** Drops the model's folder and the data set's file on the window, at once, and waits until both are listed. */
export async function addByDropping(page: Page): Promise<void> {
  await dropFiles(page, [model.folder, dataset.file])
  await goTo(page, 'Models')
  await page.getByRole('table').getByText(model.name, { exact: true }).waitFor()
  await goTo(page, 'Datasets')
  await page.getByRole('table').getByText(dataset.name, { exact: true }).waitFor()
}

/** Fills the form and clicks Train; then the run's page is there. Gives the run's id. */
export async function train(page: Page): Promise<string> {
  await goTo(page, 'Train')
  await choose(field(page, 'Model'), new RegExp(`^${model.name} ·`))
  await choose(field(page, 'Dataset'), new RegExp(`^${dataset.name} ·`))
  await page.locator('#argument-max_steps').fill(String(endless))
  // A step of every row by itself: a few lines of log a second, as a real run has, and not hundreds.
  await page.locator('#argument-per_device_train_batch_size').fill('1')
  await page.locator('#argument-gradient_accumulation_steps').fill('24')
  await page.locator('#argument-logging_steps').fill(String(loggedEvery))
  for (const name of ['eval_strategy', 'save_strategy']) await choose(page.locator(`#argument-${name}`), 'no')
  await page.getByLabel('Estimate').getByText('1,000,000').waitFor()
  return startRun(page)
}

/** The card of a way to train. */
const methodCard = (page: Page, title: string) =>
  page.getByRole('radiogroup', { name: 'Method' }).getByRole('radio', { name: title, exact: true })

/** Chooses the bundled model and data set, and a method by its card, for a run of a few steps. */
export async function planShortRun(page: Page, method: string, steps: number): Promise<void> {
  await goTo(page, 'Train')
  await choose(field(page, 'Model'), /^merlin-mini ·/)
  await choose(field(page, 'Dataset'), /^Camelot facts ·/)
  await methodCard(page, method).click()
  await page.locator('#argument-max_steps').fill(String(steps))
  await page.locator('#argument-logging_steps').fill('1')
  for (const name of ['eval_strategy', 'save_strategy']) await choose(page.locator(`#argument-${name}`), 'no')
  await page.getByLabel('Estimate').getByText(String(steps), { exact: true }).first().waitFor()
}

/** Measures every method on this machine, and gives what each card then says. */
export async function measureMethods(page: Page): Promise<Record<string, string>> {
  await page.getByRole('button', { name: 'Measure on this machine' }).click()
  await page.getByRole('button', { name: 'Stop measuring' }).waitFor()
  await page.getByRole('button', { name: 'Measure on this machine' }).waitFor({ timeout: 180_000 })
  const cards = await page.getByRole('radiogroup', { name: 'Method' }).getByRole('radio').all()
  const texts = cards.map(async (card) => [await card.getAttribute('aria-label'), await card.innerText()])
  return Object.fromEntries(await Promise.all(texts))
}

/** Starts what the form says; then the run's page is there. Gives the run's id. */
export async function startRun(page: Page): Promise<string> {
  await page.getByLabel('Estimate').getByRole('button', { name: 'Train' }).click()
  await page.waitForURL(/#\/runs\//)
  return page.url().split('/').at(-1)!
}

/** The input of that label; its list of choices has the same one. */
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true }).and(page.locator('input'))

async function choose(field: Locator, option: string | RegExp): Promise<void> {
  await field.click()
  await field.page().getByRole('option', { name: option, exact: true }).click()
  await field.page().getByRole('option').first().waitFor({ state: 'hidden' }) // another list may have the same words
}

/** How many points of the loss the chart draws. */
export const lossPoints = async (page: Page): Promise<number> =>
  Number(await page.getByRole('img', { name: /^Loss chart/ }).getAttribute('data-points'))

/** Waits until the curve has more points than that, and is really drawn. Gives their number. */
export async function lossPointsAbove(page: Page, count: number): Promise<number> {
  const chart = page.getByRole('img', { name: /^Loss chart/ })
  await chart.locator('path.recharts-curve').first().waitFor()
  for (;;) {
    const points = await lossPoints(page)
    if (points > count) return points
    await page.waitForTimeout(100)
  }
}

/** Stops the run and waits until it has saved. */
export async function stop(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByText('Stopped', { exact: true }).first().waitFor()
}

/** From the run's page: asks its model something. Gives the finished answer. */
export async function chat(page: Page, question: string): Promise<string> {
  await page.getByRole('link', { name: 'Chat', exact: true }).last().click()
  await page.getByLabel('Message').fill(question)
  await page.getByRole('button', { name: 'Send' }).click()
  await page
    .locator('article[aria-label="Answer"]:not([aria-busy="true"])')
    .getByText(/tokens\/s/)
    .waitFor()
  return (await page.getByRole('article', { name: 'Answer' }).innerText()).trim()
}

/** From anywhere: exports the newest tuned model as a PEFT adapter. */
export async function exportAdapter(page: Page): Promise<void> {
  await goTo(page, 'Exports')
  await page.getByRole('radio', { name: /PEFT/ }).click()
  await page.getByRole('button', { name: 'Export', exact: true }).click()
}
