/**
 * The whole way in a real Electron window: drop, train in the engine's own process, watch, chat, export through the
 * system's dialog, quit in the middle of a run and find it saved. Skipped, with one loud line, where no Electron is
 * at hand (`npm test` looks for one). The tests of one window follow each other.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desktop, electron, openAgain, openDesktop } from './desktop'
import { type Display, openDisplay } from './display'
import { expectAdapter } from './exported-adapter'
import { addByDropping, chat, exportAdapter, goTo, lossPoints, lossPointsAbove, stop, train } from './journey'
import { complaintsOf } from './page'

if (!electron) console.error('!!! THE ELECTRON WINDOW WAS NOT TESTED: CAMELOT_TEST_ELECTRON names no binary.')

describe.skipIf(!electron)('the studio in Electron', () => {
  const home = mkdtempSync(join(tmpdir(), 'camelot-electron-'))
  let display: Display | null = null
  let studio: Desktop
  let complaints: string[]
  let run: string

  const open = async () => {
    studio = await openDesktop(home, display?.name)
    studio.page.setDefaultTimeout(30_000)
  }

  const showRun = async () => {
    await goTo(studio.page, 'Runs')
    await studio.page.locator(`a[href$="/runs/${run}"]`).first().click()
  }

  beforeAll(async () => {
    if (process.platform === 'linux') display = await openDisplay()
    await open()
    complaints = complaintsOf(studio.page)
  })
  afterAll(async () => {
    await studio?.quit()
    display?.close()
    rmSync(home, { recursive: true, force: true })
  })

  it('opens on a page of its own scheme, without Node, in a sandbox', async () => {
    await studio.page.getByRole('heading', { name: 'Models' }).waitFor()
    expect(studio.page.url()).toMatch(/^app:\/\/studio\//)
    const found = await studio.page.evaluate(
      '[typeof process, typeof require, typeof module, typeof Buffer, typeof global]',
    )
    expect(found).toEqual(Array(5).fill('undefined'))
    const preferences = await studio.app.evaluate(({ webContents }) => {
      const contents = webContents.getAllWebContents().find((each) => each.getURL().startsWith('app://'))
      return (contents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences()
    })
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    })
  })

  it('gives the page its bridge and nothing else', async () => {
    expect(await studio.page.evaluate('Object.keys(camelotDesktop).sort()')).toEqual([
      'chooseExportFolder',
      'chooseFiles',
      'chooseFolder',
      'pathForFile',
      'platform',
      'showInFolder',
    ])
  })

  it('keeps to the strict policy, and to its own files', async () => {
    const policy = await studio.page.evaluate("fetch('/').then((page) => page.headers.get('content-security-policy'))")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
    const status = (address: string) => studio.page.evaluate(`fetch('${address}').then((answer) => answer.status)`)
    expect(await status('/index.html')).toBe(200)
    expect(await status('/..%2f..%2fpackage.json')).toBe(404)
    expect(await status('/nothing.js')).toBe(404)
    complaints.length = 0 // these were asked for
  })

  it('takes in a model folder and a data file that are dropped on it, by their paths', async () => {
    await addByDropping(studio.page)
    expect(readdirSync(join(home, 'models'))).toEqual([]) // the person's folder is used where it is
    expect(readdirSync(join(home, 'uploads'))).toEqual([])
  })

  it('trains in a process of the engine’s own, and the chart of the loss moves', async () => {
    await train(studio.page)
    const first = await lossPointsAbove(studio.page, 0)
    await lossPointsAbove(studio.page, first + 5)
    expect(engineProcesses(studio.app.process().pid!)).not.toHaveLength(0)
    await stop(studio.page)
  })

  it('chats with the tuned model', async () => {
    expect(await chat(studio.page, 'Who keeps the north gate?')).toMatch(/tokens\/s/)
  })

  it('exports the adapter to the folder that the save dialog names', async () => {
    const folder = join(home, 'my adapter')
    await studio.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath })
    }, folder)
    await exportAdapter(studio.page)
    await studio.page.getByLabel('Activity').getByText(`Written to ${folder}`).waitFor()
    const file = (name: string) => readFileSync(join(folder, name))
    expectAdapter(file('adapter_config.json'), file('adapter_model.safetensors'))
  })

  it('had nothing to complain about', () => {
    expect(complaints).toEqual([])
  })

  it('saves a run in progress when it quits, and shows it when it opens again', async () => {
    run = await train(studio.page)
    const points = await lossPointsAbove(studio.page, 3)
    expect(await studio.quit()).toBe(0)
    const checkpoints = readdirSync(join(home, 'runs', run)).filter((name) => name.startsWith('checkpoint-'))
    expect(checkpoints).toHaveLength(1)
    expect(Number(checkpoints[0]!.split('-')[1])).toBeGreaterThanOrEqual(points)
    for (const name of ['adapter_model.safetensors', 'adapter_config.json', 'trainer_state.json'])
      expect(existsSync(join(home, 'runs', run, checkpoints[0]!, name))).toBe(true)

    await open()
    await showRun()
    const resumed = await lossPointsAbove(studio.page, points - 1)
    await studio.page.getByRole('button', { name: 'Resume' }).click()
    await lossPointsAbove(studio.page, resumed)
  })

  it('lets a run go on when its window is closed, and shows it when the studio is started again', async () => {
    await studio.app.evaluate(({ dialog }) => {
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false }) // Keep training
    })
    const points = await lossPoints(studio.page)
    const closed = studio.page.waitForEvent('close')
    await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await closed
    const opened = studio.app.waitForEvent('window')
    expect(await openAgain(home, display?.name)).toBe(0)
    studio.page = await opened
    studio.page.setDefaultTimeout(30_000)
    await showRun()
    await lossPointsAbove(studio.page, points)
    await studio.page.getByText('Running', { exact: true }).first().waitFor()
  })

  it('keeps the place of its window, also when it is interrupted from the terminal', async () => {
    await studio.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]!.setBounds({ x: 40, y: 50, width: 1000, height: 700 }),
    )
    expect(await studio.interrupt()).toBe(0)
    await open()
    const bounds = await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getNormalBounds())
    expect(bounds).toEqual({ x: 40, y: 50, width: 1000, height: 700 })
  })

  // The last one: Playwright goes on waiting for a navigation that never comes.
  it('refuses to navigate away, to open windows and to grant permissions', async () => {
    await studio.app.evaluate(({ shell }) => {
      const opened: string[] = []
      Object.assign(globalThis, { opened })
      shell.openExternal = async (address) => void opened.push(address)
    })
    const { page } = studio
    await goTo(page, 'Datasets')
    const address = page.url()
    await page.evaluate("location.href = 'https://example.org/away'")
    expect(await page.evaluate("window.open('https://example.org/window')")).toBeNull()
    await page.evaluate("location.href = 'file:///etc/passwd'")
    await page.waitForTimeout(300)
    expect(page.url()).toBe(address)
    expect(studio.app.windows()).toHaveLength(1)
    const opened = await studio.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
    expect(opened).toEqual(['https://example.org/away', 'https://example.org/window'])
    const permission = "navigator.permissions.query({ name: 'geolocation' }).then(({ state }) => state)"
    expect(await page.evaluate(permission)).toBe('denied')
    expect(await page.evaluate('Notification.requestPermission()')).toBe('denied')
  })
})

/** Children of a process that run the engine's script. */
function engineProcesses(parent: number): string[] {
  const { status, stdout } = spawnSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' })
  expect(status).toBe(0)
  return stdout
    .split('\n')
    .filter((line) => Number(line.trim().split(/\s/)[0]) === parent && line.includes('engine.cjs'))
}
