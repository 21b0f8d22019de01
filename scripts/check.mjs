/** `npm run check`: what must hold before every commit, in under a minute. */
import './preparation/node-version.mjs'
import { installWhenNeeded } from './preparation/install.mjs'
import { runScript } from './preparation/step.mjs'
import { inWords, runStages, tests } from './stages/stage.mjs'
import { staticStages } from './stages/static-stages.mjs'

await runScript(async () => {
  await installWhenNeeded()
  const counts = await runStages([...staticStages, tests('Unit tests', ['unit', 'web'])])
  console.log(inWords(counts))
  if (counts.failed > 0) process.exitCode = 1
})
