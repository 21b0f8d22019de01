/** The stages that drive the built studio from outside: its start, a real browser, a real Electron window. */
import { chromiumNames, obtainProgram } from '../preparation/system-packages.mjs'
import { prepareTestElectron } from '../preparation/test-electron.mjs'
import { failed, tests } from './stage.mjs'

const endToEnd = (title, file, env) => tests(title, ['e2e'], { files: [`tests/e2e/${file}`], env })

export const startStage = endToEnd('End to end: start', 'start.test.ts', {})

/** Chromium is installed where it is missing and we may; where it cannot be had, the stage fails. */
export const browserStage = {
  title: 'End to end: browser',
  run: async () => {
    const chromium = obtainProgram(chromiumNames, 'chromium')
    if (chromium !== null)
      return endToEnd(browserStage.title, 'browser.test.ts', { CAMELOT_TEST_CHROMIUM: chromium }).run()
    console.error('Chromium is missing: install the package chromium, or name a browser in CAMELOT_TEST_CHROMIUM.')
    return failed
  },
}

/** Skipped, loudly, where no Electron can be had: a machine without its download still tests the rest. */
export const electronStage = {
  title: 'End to end: Electron',
  run: async () => {
    const prepared = await prepareTestElectron().catch((error) => ({ broken: error.message }))
    if ('env' in prepared) return endToEnd(electronStage.title, 'electron.test.ts', prepared.env).run()
    if ('missing' in prepared) {
      console.error(`!!! THE ELECTRON WINDOW WAS NOT TESTED: ${prepared.missing}.`)
      return { passed: 0, failed: 0, skipped: 1 }
    }
    console.error(prepared.broken)
    return failed
  },
}
