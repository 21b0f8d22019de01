/**
 * `npm run dev`: the studio in the browser with live reload. Vite serves the window's sources and hands calls on to
 * the studio's own server, which is rebuilt and started again when its sources change. Needs no Electron.
 */
import './preparation/node-version.mjs'
import { watch } from 'node:fs'
import util from 'node:util'
import { buildWhenNeeded } from './preparation/build.mjs'
import { inCheckout } from './preparation/checkout.mjs'
import { installWhenNeeded } from './preparation/install.mjs'
import { hasDisplay, openInBrowser } from './preparation/open-in-browser.mjs'
import { runScript } from './preparation/step.mjs'

const { values: given } = util.parseArgs({
  options: {
    port: { type: 'string', default: '5173' },
    home: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
  },
})

/** Runs a task when the files under some folders have been quiet for a moment; one task at a time. */
function whenChanged(folders, task) {
  let timer
  let running = Promise.resolve()
  for (const folder of folders)
    watch(inCheckout(folder), { recursive: true }, () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        running = running.then(task)
      }, 200)
    })
}

await runScript(async () => {
  await installWhenNeeded()
  await buildWhenNeeded()
  // What these import is there only once the packages are installed.
  const { rebuildMain, serveSources } = await import('./development/live-sources.mjs')
  const { startStudio } = await import('./development/studio-process.mjs')

  const studio = await startStudio(given.home === undefined ? [] : ['--home', given.home])
  const address = await serveSources(Number(given.port), studio)
  console.log(`Camelot Studio, live, is at ${address}`)
  if (!given['no-open'] && hasDisplay()) openInBrowser(address)
  whenChanged(['src/main', 'src/shared'], async () => {
    if (!(await rebuildMain())) return
    await studio.restart()
    console.log('The studio was rebuilt and started again.')
  })

  const end = async () => {
    await studio.stop()
    process.exit(0)
  }
  process.once('SIGINT', end)
  process.once('SIGTERM', end)
})
