/**
 * `npm start`: installs and builds what is not up to date, then opens the studio: in a window of its own where
 * Electron can be had, otherwise in the person's browser.
 */
import './preparation/node-version.mjs'
import util from 'node:util'
import { buildWhenNeeded } from './preparation/build.mjs'
import { installWhenNeeded } from './preparation/install.mjs'
import { runScript } from './preparation/step.mjs'
import { startInBrowser, startInWindow } from './preparation/studio-hosts.mjs'

const usage = `npm start -- [--port N] [--home DIR] [--browser] [--no-open]
  --port N    serve the studio in the browser, on this port (otherwise any free one)
  --home DIR  data folder (otherwise CAMELOT_HOME, or the system's application-data folder)
  --browser   the browser rather than Electron
  --no-open   print the address and open nothing`

function readArguments() {
  try {
    const { values } = util.parseArgs({
      options: {
        port: { type: 'string' },
        home: { type: 'string' },
        browser: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.port !== undefined && !(/^\d+$/.test(values.port) && Number(values.port) <= 65_535))
      throw new Error(`--port must be a number from 0 to 65535, and is '${values.port}'`)
    return values
  } catch (error) {
    console.error(`${error.message.replace(/\.$/, '')}.\n${usage}`)
    return process.exit(2)
  }
}

const given = readArguments()
if (given.help) console.log(usage)
else
  await runScript(async () => {
    await installWhenNeeded()
    await buildWhenNeeded()
    const home = given.home === undefined ? [] : ['--home', given.home]
    const wantsBrowser = given.browser || given['no-open'] || given.port !== undefined
    const status = wantsBrowser ? null : await startInWindow(home)
    process.exitCode = status ?? (await startInBrowser([...home, '--port', given.port ?? '0'], !given['no-open']))
  })
