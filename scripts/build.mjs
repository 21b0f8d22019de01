/** `npm run build`: builds `out/`, whether or not it is up to date. */
import './preparation/node-version.mjs'
import { buildWhenNeeded } from './preparation/build.mjs'
import { installWhenNeeded } from './preparation/install.mjs'
import { runScript } from './preparation/step.mjs'

await runScript(async () => {
  await installWhenNeeded()
  await buildWhenNeeded({ force: true })
})
