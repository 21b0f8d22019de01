/** The built studio in a real Electron window, driven by Playwright. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'

/** What `npm test` found: the binary, and the folder of the build that goes with it. */
export const electron = process.env.CAMELOT_TEST_ELECTRON
const build = resolve(process.env.CAMELOT_TEST_BUILD ?? 'out')

export type Desktop = {
  app: ElectronApplication
  page: Page
  /** Quits as the menu does. */
  quit(): Promise<number | null>
  /** Quits as Ctrl-C in the terminal does. */
  interrupt(): Promise<number | null>
}

/**
 * Opens the studio on a data folder. The superuser of a test machine cannot have the system's own sandbox; everything
 * else is as a person has it.
 */
export async function openDesktop(home: string, display: string | undefined): Promise<Desktop> {
  const app = await _electron.launch({
    executablePath: electron!,
    args: argumentsFor(home),
    env: environment(display),
    timeout: 60_000,
  })
  const page = await app.firstWindow()
  return {
    app,
    page,
    quit: () => exitAfter(app, () => app.evaluate((electron) => electron.app.quit()).catch(() => {})),
    interrupt: () => exitAfter(app, async () => app.process().kill('SIGINT')),
  }
}

/** Starts the studio a second time on the same data folder, and waits for the exit status of that second process. */
export async function openAgain(home: string, display: string | undefined): Promise<number | null> {
  const second = spawn(electron!, argumentsFor(home), { env: environment(display), stdio: 'ignore' })
  const [status] = await once(second, 'exit')
  return status
}

const argumentsFor = (home: string) => [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), entry, '--home', home]

/** An Electron older than the product's gets what it lacks first. */
const entry =
  process.env.CAMELOT_TEST_STAND_IN === undefined
    ? join(build, 'main', 'index.cjs')
    : join(import.meta.dirname, 'stand-in', 'main.cjs')

function environment(display: string | undefined): Record<string, string> {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env as Record<string, string>
  return { ...env, CAMELOT_TEST_BUILD: build, ...(display && { DISPLAY: display }) }
}

/** Exit status of the application's process; the connection to it may end before `ask` is answered. */
async function exitAfter(app: ElectronApplication, ask: () => Promise<unknown>): Promise<number | null> {
  const exit = once(app.process(), 'exit')
  await ask()
  const [status] = await exit
  return status
}
